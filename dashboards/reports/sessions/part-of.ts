/** How a session is divided: by the values that its events bear, by intervals of time, or not at all. */
import { bind, sql } from '../../sql.ts';
import { type Dimension, isSessionDimension, listedFact } from '../dimensions.ts';
import { FACT_COLUMNS } from '../events/columns.ts';
import { toLocalTime } from '../period/calendar.ts';
import type { PartKey } from './request.ts';

/** Session facts divide sessions, not what is in them. */
export function partOf(dimension: Dimension | undefined): PartKey | undefined {
  if (dimension === undefined || isSessionDimension(dimension)) return undefined;
  const { value, isBorne } = listedFact(dimension);
  if (dimension === 'page')
    return { key: value, isBorne, isMeasured: IS_ENGAGEMENT, columns: ['kind', 'path'], stored: 'page' };
  if (hasMeasuredTime(dimension))
    return { key: value, isBorne, isMeasured: IS_ENGAGEMENT, columns: FACT_COLUMNS };
  if (dimension === 'event')
    return { key: value, isBorne, columns: ['kind', 'name', 'is_listed'], stored: 'event' };
  return { key: value, isBorne, columns: FACT_COLUMNS };
}

const IS_ENGAGEMENT = sql`kind = 'engagement'`;

/** Where engaged time and scroll depth are known: an event that tells them bears its page's address, not its title. */
export function hasMeasuredTime(dimension: Dimension): boolean {
  return isSessionDimension(dimension) || ['page', 'page_group', 'hostname'].includes(dimension);
}

/** Whole days or more: then a session of one day lies in one of them. */
export function dayPlace(starts: readonly number[]): PartKey {
  return { ...intervalPlace(starts), stored: 'day' };
}

/**
 * The place, from 1, of the last start that is not after the event: a day of a clock change is one like the others. Looked
 * up: a lambda over the starts would write them all out for each event, and the hours of a month take gigabytes then.
 */
export function intervalPlace(starts: readonly number[]): PartKey {
  const bounds = bind('interval_starts', 'Array(Int64)', starts);
  const first = bind('first_start', 'Int64', starts[0] ?? 0);
  const key = sql`if(at < ${first}, 0, transform(roundDown(at, ${bounds}), ${bounds}, arrayEnumerate(${bounds}), toUInt32(0)))`;
  return { isBorne: sql`true`, columns: [], key };
}

/** The same as a text, `YYYY-MM-DD HH:MM:SS` on the wall of the site. The hour that comes twice is two intervals. */
export function intervalName(starts: readonly number[], timeZone: string): PartKey {
  const names = starts.map((start, index) => {
    const name = toLocalTime(start, timeZone);
    return index > 0 && toLocalTime(starts[index - 1] ?? 0, timeZone) === name ? `${name} (again)` : name;
  });
  return {
    isBorne: sql`true`,
    columns: [],
    key: sql`${bind('interval_names', 'Array(String)', names)}[${intervalPlace(starts).key}]`,
  };
}
