import { frame } from './en/frame.ts';
import { liveWords } from './en/live.ts';
import { overviewWords } from './en/overview.ts';
import { reports } from './en/reports.ts';

/** English, and the pattern for every other language. */
export const en = { ...frame, ...reports, ...overviewWords, ...liveWords };
