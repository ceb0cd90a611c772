import { INTERVALS, type Interval } from '../state/period.ts';

/** What stands in a tile's options may come from an older version: each is read as if it were not there. */
export function readText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function readInterval(value: unknown): Interval {
  return INTERVALS.find((one) => one === value) ?? 'day';
}
