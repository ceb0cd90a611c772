/** Which visitors may be different persons from one event to the next. */
import { bind, type Sql, sql } from '../../sql.ts';
import type { EventScope } from './scope.ts';
import { andOfFewVisitors } from './within.ts';

/**
 * Their ids: those who bore several users or were reset, cookieless ones with a user (who is theirs within a session
 * only), both ends of a link, and whoever is named only after `nowMs`. Small tables tell; tests leave no trace in them.
 */
export function tangledVisitors(
  scope: Pick<EventScope, 'siteId' | 'nowMs' | 'ofVisitors' | 'areFewVisitors'>,
): Sql {
  const siteId = bind('site_id', 'String', scope.siteId);
  return sql`
        SELECT visitor_id
        FROM identity_moments
        WHERE site_id = ${siteId}${andOfFewVisitors(scope)}
        GROUP BY visitor_id
        HAVING uniqExact(user_id) > 1 OR max(user_id) = ''
          OR max(last_time) > fromUnixTimestamp64Milli(${bind('now', 'Int64', scope.nowMs)}, 'UTC')
          OR visitor_id NOT IN (SELECT visitor_id FROM visitor_users WHERE site_id = ${siteId})
        UNION DISTINCT
        SELECT arrayJoin([visitor_id, link.2]) AS visitor_id FROM visitor_links WHERE site_id = ${siteId}`;
}
