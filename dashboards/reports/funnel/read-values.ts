/** A funnel's events with what they are broken down by: values as codes of 64 bits, and the texts of those that are shown. */
import { bind, type Sql, sql } from '../../sql.ts';
import type { EventScope } from '../events/scope.ts';
import type { FunnelParameters } from './parameters.ts';
import { SALES_OF_EVENTS, steppedEvents } from './read-events.ts';
import type { RowShape } from './row-shape.ts';

/** Of everybody with any event of the funnel: events as the machine takes them, a code of each one's value, 0 for none, sales. */
export function groupedValues(scope: EventScope, parameters: FunnelParameters, shape: RowShape): Sql {
  return sql`
SELECT groupArray(packed) AS packed_events, groupArray(${CODE_OF_VALUE}) AS codes${shape.hasMoney ? sql`, ${SALES_OF_EVENTS} AS money` : sql``}
FROM (${steppedEvents(scope, parameters, shape)}
)
GROUP BY subject`;
}

const CODE_OF_VALUE = sql`if(value = '', 0, bitOr(sipHash64(value), 1))`;

/** What the codes stand for, of events at these moments: rows of `code` and `text`. */
export function textsOfCodes(
  scope: EventScope,
  parameters: FunnelParameters,
  shape: RowShape,
  { codes, times }: { codes: readonly string[]; times: readonly number[] },
): Sql {
  return sql`
SELECT toString(${CODE_OF_VALUE}) AS code, any(value) AS text
FROM (${steppedEvents(scope, parameters, shape)}
)
WHERE at IN ${bind('times', 'Array(Int64)', times)} AND has(${bind('codes', 'Array(String)', codes)}, code)
GROUP BY code`;
}
