/**
 * Local time in a site's zone. DESIGN §4: "a site has one [zone]; ranges are whole local days; DST days have 23 or 25
 * hours". A week begins on Monday. An hour of the clock that comes twice is two hours.
 */
export type Interval = 'hour' | 'day' | 'week' | 'month';

const HOUR_MS = 3_600_000;

export type Calendar = {
  /** `YYYY-MM-DD` */
  dateOf: (timeMs: number) => string;
  /** The first millisecond of the local hour, day, week or month that `timeMs` lies in. */
  startOf: (interval: Interval, timeMs: number) => number;
  /** The first millisecond of the one after. */
  nextOf: (interval: Interval, timeMs: number) => number;
  /** How many intervals later `laterMs` lies: 0 in the same one. */
  distance: (interval: Interval, earlierMs: number, laterMs: number) => number;
};

export function createCalendar(timeZone: string): Calendar {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const dayStarts = new Map<string, number>();

  function clockOf(timeMs: number) {
    const parts = new Map(format.formatToParts(timeMs).map((part) => [part.type, part.value]));
    const text = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
    return {
      date: `${text('year')}-${text('month')}-${text('day')}`,
      sinceHourMs: (Number(text('minute')) * 60 + Number(text('second'))) * 1_000 + (timeMs % 1_000),
    };
  }

  const dateOf = (timeMs: number) => clockOf(timeMs).date;
  const startOfHour = (timeMs: number) => timeMs - clockOf(timeMs).sinceHourMs;

  /** Walks back hour by hour while the date stays. (Zones in use change their clocks by whole hours, on the hour.) */
  function startOfDay(timeMs: number): number {
    const date = dateOf(timeMs);
    const known = dayStarts.get(date);
    if (known !== undefined) return known;
    let start = startOfHour(timeMs);
    while (dateOf(start - HOUR_MS) === date) start -= HOUR_MS;
    dayStarts.set(date, start);
    return start;
  }

  function startOf(interval: Interval, timeMs: number): number {
    if (interval === 'hour') return startOfHour(timeMs);
    let start = startOfDay(timeMs);
    const isFirst = (date: string) =>
      interval === 'day' || (interval === 'week' ? new Date(date).getUTCDay() === 1 : date.endsWith('-01'));
    while (!isFirst(dateOf(start))) start = startOfDay(start - 1);
    return start;
  }

  function nextOf(interval: Interval, timeMs: number): number {
    // Surely in the next one, and surely not beyond it, for a day has 23 to 25 hours and a month 28 to 31 days.
    const hours = { hour: 1, day: 26, week: 8 * 24, month: 33 * 24 }[interval];
    return startOf(interval, startOf(interval, timeMs) + hours * HOUR_MS);
  }

  function distance(interval: Interval, earlierMs: number, laterMs: number): number {
    let count = 0;
    for (let start = nextOf(interval, earlierMs); start <= laterMs; start = nextOf(interval, start))
      count += 1;
    return count;
  }

  return { dateOf, startOf, nextOf, distance };
}
