/** Local days of a time zone, and the arithmetic of dates. A day is `YYYY-MM-DD`; a week begins on Monday. */
import { ReportError } from '../report.ts';

export const INTERVALS = ['hour', 'day', 'week', 'month'] as const;
export type Interval = (typeof INTERVALS)[number];

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** True for a day that exists: "2026-02-30" does not. */
export function isDay(text: string): boolean {
  return /^(?:19|20|21)\d{2}-\d{2}-\d{2}$/.test(text) && toDay(toUtcMs(text)) === text;
}

export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    // RangeError: no such zone.
    return false;
  }
}

export function addDays(day: string, count: number): string {
  return toDay(toUtcMs(day) + count * DAY_MS);
}

/** The same day of another month, or the last day of a shorter one. */
export function addMonths(day: string, count: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + count, 0)).getUTCDate();
  return toDay(Date.UTC(year, month - 1 + count, Math.min(date, last)));
}

/** Both ends included. */
export function countDays(from: string, to: string): number {
  return Math.round((toUtcMs(to) - toUtcMs(from)) / DAY_MS) + 1;
}

/** The date on the wall at a moment. */
export function toLocalDay(timeMs: number, timeZone: string): string {
  return toDay(toWallMs(timeMs, timeZone));
}

/** `YYYY-MM-DD HH:MM:SS` on the wall at a moment. */
export function toLocalTime(timeMs: number, timeZone: string): string {
  return new Date(toWallMs(timeMs, timeZone)).toISOString().slice(0, 19).replace('T', ' ');
}

/** The first moment of a local day. Where the clock skips midnight, that is 01:00. */
export function startOfDay(day: string, timeZone: string): number {
  const wallMs = toUtcMs(day);
  // The two offsets that hold around midnight; the earlier moment that shows this date is the day's start.
  const candidates = [-DAY_MS, DAY_MS].map((near) => wallMs - offsetAt(wallMs + near, timeZone));
  const starts = candidates.filter((timeMs) => toWallMs(timeMs, timeZone) === wallMs).sort((a, b) => a - b);
  return starts[0] ?? firstMomentOf(day, Math.min(...candidates), timeZone);
}

/** For a midnight that the clock skips: walks up to the first minute of the date. */
function firstMomentOf(day: string, fromMs: number, timeZone: string): number {
  let timeMs = fromMs;
  while (toLocalDay(timeMs, timeZone) < day) timeMs += MINUTE_MS;
  return timeMs;
}

/** Their names, bound to a query, have to fit into the 128 KiB that ClickHouse takes of one value. */
const MOST_INTERVALS = 5_000;

/**
 * The moments at which the intervals of a period begin; the first and last may reach beyond it. Throws ReportError for more
 * than a query can be asked with.
 */
export function intervalStarts(interval: Interval, fromMs: number, toMs: number, timeZone: string): number[] {
  const starts: number[] = [];
  for (
    let start = startOf(interval, fromMs, timeZone);
    start < toMs;
    start = nextOf(interval, start, timeZone)
  )
    starts.push(start);
  if (starts.length > MOST_INTERVALS) {
    const message = `Expected at most ${MOST_INTERVALS} intervals, found ${starts.length}: ask for a shorter period or longer intervals`;
    throw new ReportError('interval', message);
  }
  return starts;
}

function startOf(interval: Interval, timeMs: number, timeZone: string): number {
  // Zones that are off by 30 or 45 minutes begin their hours there.
  if (interval === 'hour')
    return timeMs - (((toWallMs(timeMs, timeZone) % 3_600_000) + 3_600_000) % 3_600_000);
  return startOfDay(firstDayOf(interval, toLocalDay(timeMs, timeZone)), timeZone);
}

/** The first moment of the interval after the one that `timeMs` begins. */
export function nextOf(interval: Interval, timeMs: number, timeZone: string): number {
  if (interval === 'hour') return timeMs + 3_600_000;
  const day = toLocalDay(timeMs, timeZone);
  const next = interval === 'month' ? addMonths(day, 1) : addDays(day, interval === 'week' ? 7 : 1);
  return startOfDay(firstDayOf(interval, next), timeZone);
}

function firstDayOf(interval: Interval, day: string): string {
  if (interval === 'month') return `${day.slice(0, 7)}-01`;
  if (interval === 'week') return addDays(day, -((new Date(toUtcMs(day)).getUTCDay() + 6) % 7));
  return day;
}

/** What the clock on the wall shows, as if it were UTC. */
function toWallMs(timeMs: number, timeZone: string): number {
  return timeMs + offsetAt(timeMs, timeZone);
}

function offsetAt(timeMs: number, timeZone: string): number {
  const wholeSeconds = Math.floor(timeMs / 1000) * 1000;
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(wholeSeconds)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  const wallMs = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return wallMs - wholeSeconds;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making one costs 25 ms, so they are kept: there are a few hundred zones at most. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, format);
  return format;
}

function toUtcMs(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}

function toDay(ms: number): string {
  return Number.isNaN(ms) ? '' : new Date(ms).toISOString().slice(0, 10);
}
