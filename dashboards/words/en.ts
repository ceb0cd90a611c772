import { frame } from './en/frame.ts';
import { reports } from './en/reports.ts';

/** English, and the pattern for every other language. */
export const en = { ...frame, ...reports };
