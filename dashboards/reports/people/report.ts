import { z } from 'zod';
import { bind, type Sql, sql } from '../../sql.ts';
import { EVENT_COLUMNS } from '../events/columns.ts';
import { eventsIn } from '../events/counted.ts';
import { userPerson } from '../events/persons.ts';
import type { EventScope } from '../events/scope.ts';
import { selectedEvents } from '../events/selected.ts';
import { ofSamePersons } from '../events/visitors-of.ts';
import { filtersShape } from '../filters/filters.ts';
import { isFirstOfOrder, moneyShape, TEN_THOUSANDTHS } from '../goals/goals.ts';
import { periodShape } from '../period/period.ts';
import { defineReport, MANY_ROWS } from '../report.ts';
import { inPeriod } from '../sessions/measures.ts';

export const peopleParameters = z.strictObject({
  period: periodShape,
  filters: filtersShape.optional(),
  search: z
    .string()
    .max(200)
    .optional()
    .describe('Part of a user id, an account id or a text trait; or a person id.'),
  limit: z.number().int().min(1).max(10_000_000).default(50).describe(MANY_ROWS),
  offset: z.number().int().min(0).default(0).describe('How many persons to leave out before the first.'),
});

const count = z.number().int();
export const peopleRow = z.object({
  person_id: z.string(),
  user_id: z.string().describe('"" for those who are not known'),
  account_id: z.string(),
  first_seen_ms: count,
  last_seen_ms: count,
  sessions: count,
  page_views: count,
  events: count,
  source: z.string(),
  country: z.string(),
  device: z.string(),
  browser: z.string(),
  revenue: moneyShape,
  total_rows: count,
});
export type PeopleParameters = z.input<typeof peopleParameters>;
export type PeopleRow = z.infer<typeof peopleRow>;

export const people = defineReport({
  name: 'people',
  title: 'People',
  description: 'Who was here in the period, latest first, and how to find one of them.',
  parameters: peopleParameters,
  row: peopleRow,
  definitions: {
    account_id: 'The last account that any of their events in the period names.',
    last_seen_ms: 'Time of their last event in the period.',
    sessions: 'Their sessions with an event in the period; server events make none.',
    page_views: 'Their page views in the period.',
    events: 'Their events of all kinds in the period.',
    country: 'Of their last event in the period that knows one.',
    device: 'Of their last event in the period that knows one.',
    browser: 'Of their last event in the period that knows one.',
    revenue: 'What their events in the period brought, by currency; an order counts once.',
    total_rows: 'How many persons there are in all.',
    person_id: 'Names the person in other reports; it may change when a visitor becomes known.',
    first_seen_ms: 'Of the events in the period.',
    source: 'Of their first session in the period that names one.',
  },
  compose({ search, limit, offset, filters = [] }, { scope: all }) {
    const text = bind('search', 'String', search ?? '');
    const scope = search ? ofSamePersons(all, whoMayBeFound(text, all)) : all;
    const found = search
      ? sql`HAVING person_id = ${text} OR positionCaseInsensitiveUTF8(user_id, ${text}) > 0
      OR positionCaseInsensitiveUTF8(account_id, ${text}) > 0
      OR arrayExists(one -> positionCaseInsensitiveUTF8(one, ${text}) > 0, trait_values)`
      : sql``;
    return sql`
-- People: persons with an event in [{from}, {to}), latest first, each with what they did there. Revenue counts an order once.
SELECT
  * EXCEPT (trait_values, sums),
  arrayMap((name, amount) -> CAST((name, amount / 10000), 'Tuple(currency String, amount Float64)'), sums.1, sums.2) AS revenue
FROM (
  SELECT
    toString(person) AS person_id,
    argMaxIf(events.user_id, (at, event_id), events.user_id != '') AS user_id,
    argMaxIf(toString(events.account_id), (at, event_id), events.account_id != '') AS account_id,
    min(at) AS first_seen_ms,
    max(at) AS last_seen_ms,
    uniqExactIf((visitor, session_start), session_start != 0 AND NOT is_server) AS sessions,
    countIf(kind = 'page_view') AS page_views,
    count() AS events,
    argMinIf(toString(events.source), (at, event_id), events.source != '') AS source,
    argMaxIf(toString(events.country), (at, event_id), events.country != '') AS country,
    argMaxIf(toString(events.device), (at, event_id), events.device != '') AS device,
    argMaxIf(toString(events.browser), (at, event_id), events.browser != '') AS browser,
    sumMapIf([toString(currency)], [${TEN_THOUSANDTHS}], revenue != 0 AND ${isFirstOfOrder(scope)}) AS sums,
    groupUniqArrayArrayIf(50)(mapValues(properties), kind = 'identify') AS trait_values,
    count() OVER () AS total_rows
  FROM (${selectedEvents({ scope, filters, columns: EVENT_COLUMNS })}
  ) AS events
  WHERE ${inPeriod(scope)}
  GROUP BY person
  ${found}
)
ORDER BY last_seen_ms DESC, person_id
LIMIT ${bind('limit', 'UInt64', limit)} OFFSET ${bind('offset', 'UInt64', offset)}`;
  },
});

/** Visitors with an event that bears the text where the search looks; or who bore a user whose person's id it is. */
function whoMayBeFound(text: Sql, scope: EventScope): Sql {
  const holds = (value: Sql) => sql`positionCaseInsensitiveUTF8(${value}, ${text}) > 0`;
  const siteId = bind('site_id', 'String', scope.siteId);
  return sql`
        SELECT visitor FROM (${eventsIn(scope, [scope], ['kind', 'user_id', 'account_id', 'properties'])}
        )
        WHERE toString(visitor) = ${text} OR ${holds(sql`user_id`)} OR ${holds(sql`toString(account_id)`)}
          OR (kind = 'identify' AND arrayExists(one -> ${holds(sql`one`)}, mapValues(properties)))
        UNION DISTINCT
        SELECT visitor_id FROM identity_moments
        WHERE site_id = ${siteId} AND user_id != '' AND toString(${userPerson(sql`user_id`, scope)}) = ${text}`;
}
