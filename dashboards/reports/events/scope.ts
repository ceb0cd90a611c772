/** Which events a report may see: one site's, in a range, without bots. What every fragment is handed. */
import type { Storage } from '../../../collector/storage/storage.ts';
import { bind, joinSql, renderSql, type Sql, sql } from '../../sql.ts';
import type { EventRules } from '../rules/rules.ts';
import type { SettledDay } from '../settled/settled-days.ts';
import { tangledVisitors } from './tangled.ts';

export type EventScope = {
  siteId: string;
  /** Half-open; what lies after `nowMs` is not known yet. */
  fromMs: number;
  toMs: number;
  nowMs: number;
  /** A developer's own visits and automated browsers count only where the site says so. */
  countsTests: boolean;
  identity: Identity;
  /** How the site has its events read; absent: as they were sent, all of them. */
  rules?: EventRules;
  /** A test on `visitor_id`: reads only these visitors. Whoever sets it answers for the persons of the others. */
  ofVisitors?: Sql;
  /** These are few and quickly told: small tables need be read for them alone. */
  areFewVisitors?: boolean;
  /** Days whose sessions are stored; absent: none are looked for. */
  settledDays?: readonly SettledDay[];
};

/** Whole UTC days: `identity_moments` knows what happened before and after, by the day. */
export type Range = { fromMs: number; toMs: number };

/** What is known of the site's visitors beyond their ids. Where nothing is, a person is a visitor. */
export type Identity = {
  hasUsers: boolean;
  /** Lasting visitors who bear one user and no other, ever. */
  hasNamed: boolean;
  /** Visitors whose events have to be looked at one by one to tell whose they are (events/known-visitors.ts). */
  hasTangled: boolean;
  /** Cookieless visitors who consented in mid-visit. */
  hasLinks: boolean;
  /** Users that are one, as pairs of a user and the one they are called by. */
  aliases: { users: string[]; roots: string[] };
  /** Whether any event came from a server: only then can a goal be fulfilled outside a session. */
  hasServerEvents: boolean;
  /** Whether any order was ever named: else no revenue can be told twice. */
  hasOrders: boolean;
};

type AliasRow = { user_id: string; previous_user_id: string };
type Fact = 'users' | 'named' | 'tangled' | 'links' | 'server_events' | 'orders';
type IdentityRow = AliasRow & { fact: Fact | 'alias'; place: number };

/** Small tables tell whether persons have to be worked out at all, and whether servers send. Every report asks this first. */
export async function readIdentity(
  storage: Pick<Storage, 'query'>,
  siteId: string,
  nowMs: number,
): Promise<Identity> {
  const { text, parameters } = renderSql(factsOf({ siteId, nowMs }));
  const { rows } = await storage.query<IdentityRow>(text, { parameters });
  const facts = new Set(rows.map(({ fact }) => fact));
  const aliases = rows.filter(({ fact }) => fact === 'alias').sort((one, other) => one.place - other.place);
  return {
    hasUsers: facts.has('users'),
    hasNamed: facts.has('named'),
    hasTangled: facts.has('tangled'),
    hasLinks: facts.has('links'),
    hasServerEvents: facts.has('server_events'),
    hasOrders: facts.has('orders'),
    aliases: toRoots(aliases),
  };
}

/** A row for each fact that is true, and one for each alias. */
function factsOf(site: Pick<EventScope, 'siteId' | 'nowMs'>): Sql {
  const siteId = bind('site_id', 'String', site.siteId);
  const known = (fact: Fact, rows: Sql) =>
    sql`
SELECT ${bind('fact', 'String', fact)} AS fact, '' AS user_id, '' AS previous_user_id, toUInt64(0) AS place FROM (${rows} LIMIT 1)`;
  return joinSql(
    [
      known('users', sql`SELECT 1 FROM identity_moments WHERE site_id = ${siteId} AND user_id != ''`),
      known('named', sql`SELECT 1 FROM visitor_users WHERE site_id = ${siteId}`),
      known('tangled', sql`SELECT 1 FROM (${tangledVisitors(site)})`),
      known('links', sql`SELECT 1 FROM visitor_links WHERE site_id = ${siteId}`),
      known('server_events', sql`SELECT 1 FROM event_sums WHERE site_id = ${siteId} AND server_events > 0`),
      known('orders', sql`SELECT 1 FROM orders WHERE site_id = ${siteId}`),
      sql`
SELECT 'alias', user_id, previous_user_id, row_number() OVER (ORDER BY min(first_time), previous_user_id, user_id)
FROM user_aliases
WHERE site_id = ${siteId}
GROUP BY user_id, previous_user_id`,
    ],
    sql`
UNION ALL`,
  );
}

/** Users joined by aliases, directly or over others, are one: the older id wins. `rows` are in the order of their time. */
export function toRoots(rows: readonly AliasRow[]): Identity['aliases'] {
  const parents = new Map<string, string>();
  const rootOf = (user: string): string => {
    let root = user;
    for (let next = parents.get(root); next !== undefined; next = parents.get(root)) root = next;
    return root;
  };
  for (const { user_id: user, previous_user_id: previous } of rows) {
    const [from, to] = [rootOf(user), rootOf(previous)];
    if (from !== to) parents.set(from, to);
  }
  const users = [...parents.keys()];
  return { users, roots: users.map(rootOf) };
}
