import { frame } from './de/frame.ts';
import { liveWords } from './de/live.ts';
import { overviewWords } from './de/overview.ts';
import { reports } from './de/reports.ts';
import type { Words } from './pattern.ts';

export const de: Words = { ...frame, ...reports, ...overviewWords, ...liveWords };
