/** What a funnel reads from an event besides whether it fits a step: the value it is broken down by, and its money. */
import { bind, type Sql, sql } from '../../sql.ts';
import { type Dimension, eventFact, isSessionDimension } from '../dimensions.ts';
import type { EventScope } from '../events/scope.ts';
import { factName } from '../sessions/fact-name.ts';
import type { EventValues } from './row-shape.ts';

/** `=` and the value; '' where the event does not bear it. */
export function breakdownValues(dimension: Dimension): EventValues {
  const isWanted = sql`false`;
  if (isSessionDimension(dimension))
    return {
      value: sql`if(session_start = 0, '', concat('=', ${factName(dimension)}))`,
      isWanted,
      facts: [dimension],
    };
  const { value, isBorne } = eventFact(dimension);
  return { value: sql`if(${isBorne}, concat('=', ${value}), '')`, isWanted, facts: [] };
}

/** An order counts once per site, at the event that brought it first. */
export function isFirstOfOrder(scope: EventScope): Sql {
  return sql`(order_id = '' OR (order_id, received_time, event_id) IN (
      SELECT order_id, min(first_received).1, min(first_received).2
      FROM orders
      WHERE site_id = ${bind('site_id', 'String', scope.siteId)}
      GROUP BY order_id
    ))`;
}
