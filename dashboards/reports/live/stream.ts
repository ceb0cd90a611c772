/** The events as they arrive, for the live page: what has been stored since the last look, oldest first. */
import { bind, type Sql, sql } from '../../sql.ts';
import { isWithin } from '../events/within.ts';

export type LiveEvent = {
  event_id: string;
  received_ms: number;
  time_ms: number;
  kind: string;
  name: string;
  path: string;
  target: string;
  source: string;
  country: string;
  device: string;
  browser: string;
  /** Tells visitors apart for as long as one looks; not the visitor's id. */
  visitor: string;
  is_test: boolean;
  is_bot: boolean;
  sent_by: string;
  /** Whatever else the row holds, under the column's own name; what is empty is left out. */
  facts: Record<string, string>;
  properties: Record<string, string>;
  numeric_properties: Record<string, number>;
};

const MOST_AT_ONCE = 200;
/** How far an event's own time may lie behind its arrival to be shown: the table is in the order of its own time. */
const REACH_MS = 30 * 60_000;

/** Bots and tests are marked, for a developer wants to see theirs. `salt` keeps `visitor` from being an id. */
export function composeLiveEvents(asked: {
  siteId: string;
  sinceMs: number;
  nowMs: number;
  salt: string;
}): Sql {
  return sql`
-- Live events: what was received after {since}, oldest first.
SELECT
  toString(event_id) AS event_id,
  toUnixTimestamp64Milli(received_time) AS received_ms,
  toUnixTimestamp64Milli(time) AS time_ms,
  toString(kind) AS kind, toString(name) AS name, path, target,
  toString(source) AS source, toString(country) AS country, toString(device) AS device, toString(browser) AS browser,
  lower(hex(toUInt32(sipHash64(visitor_id, ${bind('salt', 'String', asked.salt)})))) AS visitor,
  is_test, is_bot, toString(sent_by) AS sent_by,
  mapFilter((column, fact) -> fact NOT IN ('', '0', 'false'), ${FACTS}) AS facts,
  properties, numeric_properties
FROM events
WHERE site_id = ${bind('site_id', 'String', asked.siteId)}
  AND ${isWithin({ fromMs: asked.sinceMs - REACH_MS + 1, toMs: asked.nowMs + 1 })}
  AND received_time > fromUnixTimestamp64Milli(${bind('since', 'Int64', asked.sinceMs)}, 'UTC')
ORDER BY events.received_time, events.event_id
LIMIT ${bind('most', 'UInt64', MOST_AT_ONCE)}`;
}

/** An engineer looks for what arrived, not for what a report makes of it. No visitor's hash is among them. */
const FACTS = sql`map(
    'title', title, 'hostname', toString(hostname), 'query', query, 'previous_path', previous_path,
    'status', toString(status), 'referrer', referrer, 'medium', toString(medium), 'campaign', toString(campaign),
    'content', toString(content), 'term', toString(term), 'channel', toString(channel),
    'click_id_kind', toString(click_id_kind), 'region', toString(region), 'city', toString(city),
    'language', toString(language), 'browser_version', toString(browser_version), 'os', toString(os),
    'os_version', toString(os_version), 'screen', toString(screen), 'engaged_ms', toString(engaged_ms),
    'scroll_percent', toString(scroll_percent), 'revenue', toString(revenue), 'currency', toString(currency),
    'order_id', order_id, 'user_id', user_id, 'account_id', toString(account_id), 'consent', toString(consent),
    'plan_fault', toString(plan_fault), 'is_time_corrected', toString(is_time_corrected), 'seq', toString(seq),
    'client_time', toString(client_time), 'sent_time', toString(sent_time), 'received_time', toString(received_time)
  )`;
