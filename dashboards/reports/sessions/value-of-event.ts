import { type Sql, sql } from '../../sql.ts';
import { type Dimension, isSessionDimension, listedFact } from '../dimensions.ts';
import { factName } from './fact-name.ts';

/** A dimension's value for one event: its session's fact (which must have been selected), or its own; '' if it bears none. */
export function valueOfEvent(dimension: Dimension): Sql {
  if (isSessionDimension(dimension)) return factName(dimension);
  const { value, isBorne } = listedFact(dimension);
  return sql`if(${isBorne}, ${value}, '')`;
}
