import type { Settings } from '../settings.ts';

/** The npm module's stand-in for the tag's settings.ts (see build.mjs): filled by `init` instead of read from a tag. */
export const settings: Partial<Settings> = {};

export const door = () => settings.endpoint as string;
