/** The events as they arrive, for the live page: what has been stored since the last look, oldest first. */
import { bind, type Sql, sql } from '../../sql.ts';

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
  is_test, is_bot, toString(sent_by) AS sent_by
FROM events
WHERE site_id = ${bind('site_id', 'String', asked.siteId)}
  AND time > fromUnixTimestamp64Milli(${bind('reach', 'Int64', asked.sinceMs - REACH_MS)}, 'UTC')
  AND time <= fromUnixTimestamp64Milli(${bind('now', 'Int64', asked.nowMs)}, 'UTC')
  AND received_time > fromUnixTimestamp64Milli(${bind('since', 'Int64', asked.sinceMs)}, 'UTC')
ORDER BY events.received_time, events.event_id
LIMIT ${bind('most', 'UInt64', MOST_AT_ONCE)}`;
}
