/** Which events a report may see: one site's, in a range, without bots. What every fragment is handed. */
import type { Storage } from '../../../collector/storage/storage.ts';
import { bind, renderSql, type Sql, sql } from '../../sql.ts';
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
};

type IdentityRow = {
  has_users: number;
  has_named: number;
  has_tangled: number;
  has_links: number;
  has_server_events: number;
};
type AliasRow = { user_id: string; previous_user_id: string };

/** Small tables tell whether persons have to be worked out at all, and whether servers send. */
export async function readIdentity(
  storage: Pick<Storage, 'query'>,
  siteId: string,
  nowMs: number,
): Promise<Identity> {
  const options = { parameters: { site_id: siteId } };
  const { text, parameters } = renderSql(factsOf({ siteId, nowMs }));
  const [facts, aliases] = await Promise.all([
    storage.query<IdentityRow>(text, { parameters }),
    storage.query<AliasRow>(READ_ALIASES, options),
  ]);
  const row = facts.rows[0];
  return {
    hasUsers: Boolean(row?.has_users),
    hasNamed: Boolean(row?.has_named),
    hasTangled: Boolean(row?.has_tangled),
    hasLinks: Boolean(row?.has_links),
    hasServerEvents: Boolean(row?.has_server_events),
    aliases: toRoots(aliases.rows),
  };
}

function factsOf(site: Pick<EventScope, 'siteId' | 'nowMs'>): Sql {
  const siteId = bind('site_id', 'String', site.siteId);
  return sql`
SELECT
  EXISTS(SELECT 1 FROM identity_moments WHERE site_id = ${siteId} AND user_id != '') AS has_users,
  EXISTS(SELECT 1 FROM visitor_users WHERE site_id = ${siteId}) AS has_named,
  EXISTS(SELECT 1 FROM (${tangledVisitors(site)})) AS has_tangled,
  EXISTS(SELECT 1 FROM visitor_links WHERE site_id = ${siteId}) AS has_links,
  EXISTS(SELECT 1 FROM event_sums WHERE site_id = ${siteId} AND server_events > 0) AS has_server_events`;
}

const READ_ALIASES = `
SELECT user_id, previous_user_id
FROM user_aliases
WHERE site_id = {site_id:String}
GROUP BY user_id, previous_user_id
ORDER BY min(first_time), previous_user_id, user_id`;

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
