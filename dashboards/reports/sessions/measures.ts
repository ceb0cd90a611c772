/** What is asked of a session's events one by one. */
import { bind, type Sql, sql } from '../../sql.ts';
import { type SessionDimension, sessionFactOfEvent } from '../dimensions.ts';
import type { EventScope } from '../events/scope.ts';

/** DESIGN §4, "bounce": what a visitor does on purpose. */
export const IS_INTERACTION = sql`kind IN ('page_view', 'screen', 'click', 'rage_click', 'dead_click',
        'outbound_link', 'file_download', 'form_submit', 'custom')`;

export function inPeriod({ fromMs, toMs }: EventScope): Sql {
  return sql`at >= ${bind('from', 'Int64', fromMs)} AND at < ${bind('to', 'Int64', toMs)}`;
}

/** Time, then a few bits of the id, so that events of one millisecond have an order. One number, for a tuple costs ten times as much. */
const TIME_KEY = sql`bitShiftLeft(toUInt64(at), 20) + bitAnd(cityHash64(event_id), 1048575)`;

/** Page views come first: the least key of a session is its entry, below PAGE_VIEW_BIT if that is a page view. */
export const OPEN_KEY = sql`bitShiftLeft(toUInt64(kind != 'page_view'), 63) + ${TIME_KEY}`;
/** And last: the greatest is its exit, from PAGE_VIEW_BIT on if that is a page view. */
export const CLOSE_KEY = sql`bitShiftLeft(toUInt64(kind = 'page_view'), 63) + ${TIME_KEY}`;
export const PAGE_VIEW_BIT = sql`9223372036854775808`;

/** A session without a page view has no entry and no exit page. */
export function ofPageView(fact: SessionDimension): Sql {
  const value = sessionFactOfEvent(fact);
  return fact === 'entry_page' || fact === 'exit_page' ? sql`if(kind = 'page_view', ${value}, '')` : value;
}
