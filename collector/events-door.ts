/**
 * `POST /events`: receive → validate → enrich → spool → 202.
 *
 * A plain Node handler, not a Hono route: Request and Response objects alone cost more than all that happens here.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerError, answerReceipt } from './answer.ts';
import { toConnection } from './connection.ts';
import { enrich } from './enrich/enrich.ts';
import type { Connection } from './enrich/sender.ts';
import { toBrowserSender } from './enrich/sender.ts';
import { parseJson } from './parse-json.ts';
import { ruleOnBatch } from './policy.ts';
import type { Receipt, RefusalReason } from './protocol.ts';
import { LIMITS } from './protocol.ts';
import { receive } from './receive.ts';
import { RefusalError } from './refusal.ts';
import type { Site } from './sites.ts';
import type { ValidBatch } from './validate.ts';
import { validate } from './validate.ts';
import type { World } from './world.ts';

export type Door = (incoming: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Never rejects: whatever goes wrong becomes an answer. */
export function createEventsDoor(world: World): Door {
  return async (incoming, response) => {
    try {
      if (incoming.method === 'OPTIONS') answerPreflight(response);
      else answerReceipt(response, await take(incoming, world));
    } catch (error) {
      answerError(incoming, response, error, world.log);
    }
  };
}

async function take(incoming: IncomingMessage, world: World): Promise<Receipt> {
  if (incoming.method !== 'POST') throw new RefusalError(405, 'method', 'Expected a POST request');
  const connection = toConnection(incoming, world.isTrustedProxy);
  const body = await receive(incoming, LIMITS.bodyBytes);
  const receivedAt = world.now();
  const batch = parseBatch(body, world);
  const site = findSite(batch.facts.site, batch, world);
  checkRate(site, connection, batch, world);
  refuseIfHopeless(site, batch, world);
  const { rows, refused } = decideAndEnrich(batch, site, connection, receivedAt, world);
  if (rows.length > 0) await world.spool.append(rows);
  const receipt = { accepted: rows.length, refused: [...batch.refused, ...refused] };
  count(site.id, receipt, world);
  return receipt;
}

/** A body that is no batch is one malformed event of nobody's. */
function parseBatch(body: Buffer, world: World): ValidBatch {
  try {
    return validate(parseJson(body), body.length);
  } catch (error) {
    world.counters.drop('', 'malformed', 1);
    throw error;
  }
}

export function findSite(siteId: string, batch: ValidBatch, world: World): Site {
  const site = world.sites.find(siteId);
  if (site !== undefined) return site;
  world.counters.drop(siteId, 'unknown_site', batch.events.length);
  throw new RefusalError(
    404,
    'unknown_site',
    `Expected "site" to be a site of this collector, got "${siteId}"`,
    {
      field: 'site',
      expected: 'a site of this collector',
      found: siteId,
    },
  );
}

function checkRate(site: Site, connection: Connection, batch: ValidBatch, world: World): void {
  const retryAfterSeconds = world.rateLimit.take(site.id, connection.address, batch.events.length);
  if (retryAfterSeconds === 0) return;
  world.counters.drop(site.id, 'rate_limited', batch.events.length);
  throw new RefusalError(429, 'rate_limited', `Too many events; send them again in ${retryAfterSeconds} s`, {
    retryAfterSeconds,
  });
}

/** Where not one event can be stored, a 400 shows the engineer at once what a 202 would hide in its body. */
function refuseIfHopeless(site: Site, batch: ValidBatch, world: World): void {
  if (batch.events.length > 0 || batch.firstRefusal === undefined) return;
  world.counters.drop(site.id, 'malformed', batch.refused.length);
  throw batch.firstRefusal;
}

function decideAndEnrich(
  batch: ValidBatch,
  site: Site,
  connection: Connection,
  receivedAt: number,
  world: World,
) {
  const ruling = ruleOnBatch(batch.facts, site, connection);
  if ('facts' in ruling) {
    return enrich(batch.events, toBrowserSender(ruling.facts, site, connection, receivedAt, world), world);
  }
  const refused: Receipt['refused'] = batch.events.map(({ index, event }) => {
    return { index, id: event.id, reason: 'policy', message: ruling.refused };
  });
  return { rows: [], refused };
}

/** Every event not stored is counted by its reason. */
export function count(siteId: string, { accepted, refused }: Receipt, { counters }: World): void {
  if (accepted > 0) counters.accept(siteId, accepted);
  for (const reason of ['malformed', 'policy'] satisfies RefusalReason[]) {
    const events = refused.filter((refusal) => refusal.reason === reason).length;
    if (events > 0) counters.drop(siteId, reason, events);
  }
}

/** Our own snippet never asks; a page that sends JSON as JSON does, and a browser then asks no more for a day. */
function answerPreflight(response: ServerResponse): void {
  response.writeHead(204, {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'POST, OPTIONS',
    'access-control-allow-headers': 'content-type, authorization',
    'access-control-max-age': '86400',
  });
  response.end();
}
