/** What a funnel reads from an event besides whether it fits a step: the value it is broken down by. */
import { sql } from '../../sql.ts';
import { type Dimension, isSessionDimension, listedFact } from '../dimensions.ts';
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
  const { value, isBorne } = listedFact(dimension);
  return { value: sql`if(${isBorne}, concat('=', ${value}), '')`, isWanted, facts: [] };
}
