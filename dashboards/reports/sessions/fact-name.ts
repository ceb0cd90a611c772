import { identifiers, type Sql } from '../../sql.ts';
import { SESSION_DIMENSIONS, type SessionDimension } from '../dimensions.ts';

const factIdentifier = identifiers(SESSION_DIMENSIONS.map((name) => `fact_${name}` as const));

/** The column that holds a session's fact. */
export function factName(fact: SessionDimension): Sql {
  return factIdentifier(`fact_${fact}`);
}

/** The column of `settled_sessions` that holds it. */
export const storedFact = identifiers(SESSION_DIMENSIONS);
