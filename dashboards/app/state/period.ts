import {
  addDays,
  addMonths,
  countDays,
  INTERVALS,
  type Interval,
  isDay,
  toLocalDay,
} from '../../reports/period/calendar.ts';
import type { ComparisonParameter, Preset } from '../../reports/period/period.ts';

export { INTERVALS, type Interval, isDay, type Preset };

/** Which days a page is about, as whole local days of the site. Dates are `2026-11-22`; both ends are included. */
export type Range = { from: string; to: string };
export type Period = Preset | Range;

/** All of the report API's named ranges: its own list would bring its validator into the browser. */
const DAYS_OF: Record<Preset, (today: string, since: string) => [string, string]> = {
  today: (today) => [today, today],
  yesterday: (today) => [addDays(today, -1), addDays(today, -1)],
  '7d': (today) => [addDays(today, -6), today],
  '28d': (today) => [addDays(today, -27), today],
  '30d': (today) => [addDays(today, -29), today],
  '90d': (today) => [addDays(today, -89), today],
  '12m': (today) => [addMonths(firstOfMonth(today), -11), today],
  month: (today) => [firstOfMonth(today), today],
  last_month: (today) => [addMonths(firstOfMonth(today), -1), addDays(firstOfMonth(today), -1)],
  year: (today) => [`${today.slice(0, 4)}-01-01`, today],
  all: (today, since) => [since !== '' && since < today ? since : today, today],
};

export const COMPARISONS = ['previous_period', 'year_before', 'off'] as const satisfies readonly (
  | ComparisonParameter['mode']
  | 'off'
)[];
export type Comparison = (typeof COMPARISONS)[number];

export function isPreset(text: unknown): text is Preset {
  return typeof text === 'string' && Object.hasOwn(DAYS_OF, text);
}

/** The date that it is now in a time zone. */
export function todayIn(timeZone: string, now: Date): string {
  return toLocalDay(now.getTime(), timeZone);
}

/** `since` is the first day with data, for "all"; '' before there is any. */
export function resolve(period: Period, today: string, since: string): Range {
  if (typeof period === 'object') return period;
  const [from, to] = DAYS_OF[period](today, since);
  return { from, to };
}

/** The range of equal length that lies right before (-1) or after (1); whole months move by months. */
export function neighbour({ from, to }: Range, step: -1 | 1): Range {
  const end = addDays(to, 1);
  if (from.endsWith('-01') && end.endsWith('-01')) {
    const months = monthsBetween(from, end) * step;
    return { from: addMonths(from, months), to: addDays(addMonths(end, months), -1) };
  }
  const days = countDays(from, to) * step;
  return { from: addDays(from, days), to: addDays(to, days) };
}

/** What a comparison puts beside `range`, as the report API resolves it; undefined if nothing. */
export function comparedRange(range: Range, comparison: Comparison): Range | undefined {
  if (comparison === 'off') return undefined;
  if (comparison === 'year_before') return { from: addMonths(range.from, -12), to: addMonths(range.to, -12) };
  return neighbour(range, -1);
}

/** Which intervals make sense for a range, and which of them is taken unless another is asked for. */
export function intervalsFor({ from, to }: Range): { options: Interval[]; preferred: Interval } {
  const days = countDays(from, to);
  if (days <= 2) return { options: ['hour', 'day'], preferred: 'hour' };
  if (days <= 14) return { options: ['hour', 'day'], preferred: 'day' };
  if (days <= 62) return { options: ['day', 'week'], preferred: 'day' };
  return {
    options: ['day', 'week', 'month'],
    preferred: days <= 200 ? 'day' : days <= 400 ? 'week' : 'month',
  };
}

function firstOfMonth(day: string): string {
  return `${day.slice(0, 7)}-01`;
}

function monthsBetween(from: string, to: string): number {
  return (
    (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 +
    Number(to.slice(5, 7)) -
    Number(from.slice(5, 7))
  );
}
