/**
 * `POST /events`, the snippet's: receive → validate → enrich → spool → 202.
 *
 * A plain Node handler, not a Hono route: Request and Response objects alone cost more than all that happens here.
 */
import type { IncomingMessage } from 'node:http';
import { toConnection } from './connection.ts';
import type { Door } from './door.ts';
import { checkRate, count, createDoor, findSite, refuseIfHopeless } from './door.ts';
import type { Enriched } from './enrich/enrich.ts';
import { enrich } from './enrich/enrich.ts';
import type { Connection } from './enrich/sender.ts';
import { toBrowserSender } from './enrich/sender.ts';
import { parseJson } from './parse-json.ts';
import { ruleOnBatch } from './policy.ts';
import type { Receipt } from './protocol.ts';
import { LIMITS } from './protocol.ts';
import { receive } from './receive.ts';
import type { Site } from './sites.ts';
import type { ValidBatch } from './validate.ts';
import { validate } from './validate.ts';
import type { World } from './world.ts';

export function createEventsDoor(world: World): Door {
  return createDoor(world, (incoming) => take(incoming, world));
}

async function take(incoming: IncomingMessage, world: World): Promise<Receipt> {
  const connection = toConnection(incoming, world.isTrustedProxy);
  const body = await receive(incoming, LIMITS.bodyBytes);
  const receivedAt = world.now();
  const batch = parseBatch(body, world);
  const site = findSite(batch.facts.site, batch.events.length, world);
  checkRate(site, connection.address, batch.events.length, world);
  refuseIfHopeless(site, batch, world);
  const { rows, refused } = decideAndEnrich(batch, site, connection, receivedAt, world);
  if (rows.length > 0) await world.spool.append(rows);
  const receipt = { accepted: rows.length, refused: batch.refused.concat(refused) };
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

function decideAndEnrich(
  batch: ValidBatch,
  site: Site,
  connection: Connection,
  receivedAt: number,
  world: World,
): Enriched {
  const ruling = ruleOnBatch(batch.facts, site, connection);
  if ('facts' in ruling) {
    return enrich(batch.events, toBrowserSender(ruling.facts, site, connection, receivedAt, world), world);
  }
  const refused: Receipt['refused'] = batch.events.map(({ index, event }) => {
    return { index, id: event.id, reason: 'policy', message: ruling.refused };
  });
  return { rows: [], refused };
}
