/**
 * `POST /events`, the snippet's: receive → validate → enrich → spool → 202.
 *
 * A plain Node handler, not a Hono route: Request and Response objects alone cost more than all that happens here.
 */
import type { IncomingMessage } from 'node:http';
import { toConnection } from './connection.ts';
import type { Door } from './door.ts';
import { createDoor, readBatch } from './door.ts';
import type { Receipt } from './protocol.ts';
import { LIMITS } from './protocol.ts';
import { receive } from './receive.ts';
import { storeBatch } from './store-batch.ts';
import { validate } from './validate.ts';
import type { World } from './world.ts';

export function createEventsDoor(world: World): Door {
  return createDoor(world, (incoming) => take(incoming, world));
}

async function take(incoming: IncomingMessage, world: World): Promise<Receipt> {
  const connection = toConnection(incoming, world.isTrustedProxy);
  const body = await receive(incoming, LIMITS.bodyBytes);
  const receivedAt = world.now();
  const batch = readBatch(body, (sent) => validate(sent, body.length), world);
  return storeBatch(batch, connection, receivedAt, world);
}
