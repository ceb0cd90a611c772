/** Marks the events that fulfil a goal. */
import { type Sql, sql } from '../../sql.ts';
import type { Condition } from '../conditions.ts';
import type { EventScope } from '../events/scope.ts';
import { isFirstOfOrder, isGoal, TEN_THOUSANDTHS } from '../goals/goals.ts';
import { inPeriod } from './measures.ts';

/** `hit` for each event, `is_hit` for those that fulfil the goal in the period, `loose`: those of its person in no session. */
export function withHits(counted: Sql, goal: Condition, scope: EventScope): Sql {
  const hits = sql`
      SELECT
        *, (person, event_id, ${isFirstOfOrder(scope)}, ${TEN_THOUSANDTHS}, toString(currency)) AS hit,
        ${inPeriod(scope)} AND ${isGoal(goal)} AS is_hit
      FROM (${counted}
      )`;
  if (!scope.identity.hasServerEvents) return hits;
  return sql`
      SELECT *, groupArrayIf(hit, is_hit AND session_start = 0) OVER (PARTITION BY person) AS loose
      FROM (${hits}
      )`;
}
