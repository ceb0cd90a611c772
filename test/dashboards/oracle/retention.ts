import { type Calendar, createCalendar, type Interval } from './calendar.ts';
import { type Condition, matches } from './conditions.ts';
import { personsOf } from './persons.ts';
import { type Filter, selectEvents } from './select.ts';
import { countedEvents, groupBy, isInside, type Period, type World, type WorldEvent } from './world.ts';

export type RetentionRequest = {
  /** What puts a person into a cohort. */
  start: readonly Condition[];
  /** What counts as coming back. */
  comeBack: readonly Condition[];
  /** `first`: once, by their first start ever. `any`: into the cohort of every interval in which they start. */
  cohortBy: 'first' | 'any';
  interval: Interval;
  period: Period;
  /**
   * `exact` (N-day): came back in interval n. `rolling`: in interval n or later.
   * `bracket`: in any of the intervals from `from` to `to`, both included.
   */
  mode: { kind: 'exact' | 'rolling'; intervals: number } | { kind: 'bracket'; brackets: readonly Bracket[] };
  filter?: Filter;
};

export type Bracket = { from: number; to: number };

export type Cohort = {
  startMs: number;
  people: number;
  cells: RetentionCell[];
};

/** `isComplete`: the interval (of `rolling`: its beginning, of `bracket`: the last one) is over for the whole cohort. */
export type RetentionCell = { people: number; isComplete: boolean };

/**
 * "Cohorts by first (or any) time of an event in a period; N-day, rolling, bracket; hour/day/week/month in the site's time
 * zone, DST right." Interval 0 is the one of the start itself; coming back is never before the start, and the start
 * itself counts if it fits, so that with `comeBack` = `start` the first cell is the whole cohort.
 */
export function retentionOf(world: World, request: RetentionRequest): Cohort[] {
  const calendar = createCalendar(world.timeZone);
  const { interval, period } = request;
  const persons = personsEvents(world, request.filter ?? {});
  const cohorts: Cohort[] = [];
  for (
    let at = calendar.startOf(interval, period.fromMs);
    at < period.toMs;
    at = calendar.nextOf(interval, at)
  ) {
    const members = persons.flatMap((events) => {
      const start = startsOf(events, request).find(
        (event) => isInside(period, event.timeMs) && calendar.startOf(interval, event.timeMs) === at,
      );
      return start === undefined ? [] : [returnsOf(start, events, request, calendar)];
    });
    cohorts.push({
      startMs: at,
      people: members.length,
      cells: cellsOf(request).map((cell) => ({
        people: members.filter((returns) => returns.some((n) => n >= cell.from && n <= cell.to)).length,
        isComplete:
          world.nowMs >= endOf(calendar, interval, at, Number.isFinite(cell.to) ? cell.to : cell.from),
      })),
    });
  }
  return cohorts;
}

function personsEvents(world: World, filter: Filter): WorldEvent[][] {
  const events = countedEvents(world);
  const persons = personsOf(events);
  return [...groupBy(selectEvents(events, filter), (event) => persons.get(event) ?? '').values()];
}

/** In order of time. `first`: the first ever alone, wherever it lies. */
function startsOf(events: readonly WorldEvent[], { start, cohortBy }: RetentionRequest): WorldEvent[] {
  const starts = events.filter((event) => matches(event, start)).sort((a, b) => a.timeMs - b.timeMs);
  return cohortBy === 'first' ? starts.slice(0, 1) : starts;
}

/** In which intervals, counted from the start's, the person came back. */
function returnsOf(
  start: WorldEvent,
  events: readonly WorldEvent[],
  { comeBack, interval }: RetentionRequest,
  calendar: Calendar,
): number[] {
  return events
    .filter((event) => event.timeMs >= start.timeMs && matches(event, comeBack))
    .map((event) => calendar.distance(interval, start.timeMs, event.timeMs));
}

function cellsOf({ mode }: RetentionRequest): Bracket[] {
  if (mode.kind === 'bracket') return [...mode.brackets];
  const numbers = Array.from({ length: mode.intervals }, (_, n) => n);
  return numbers.map((n) => ({ from: n, to: mode.kind === 'exact' ? n : Number.POSITIVE_INFINITY }));
}

/** The end of the interval that is `n` after the one beginning at `startMs`. */
function endOf(calendar: Calendar, interval: Interval, startMs: number, n: number): number {
  let endMs = startMs;
  for (let count = 0; count <= n; count += 1) endMs = calendar.nextOf(interval, endMs);
  return endMs;
}
