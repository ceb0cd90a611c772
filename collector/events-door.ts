/**
 * `POST /events`, the snippet's: receive → validate → enrich → spool → 202.
 *
 * Plain handlers, not a Hono route: Request and Response objects alone cost more than all that happens here.
 */
import { toConnection } from './connection.ts';
import { countRefused } from './count-drops.ts';
import type { Door } from './door.ts';
import { createDoor, readBatch } from './door.ts';
import type { Connection } from './enrich/sender.ts';
import type { WholeDoor } from './fast-lane.ts';
import type { Receipt } from './protocol.ts';
import { LIMITS } from './protocol.ts';
import { receive, refuseByHeaders } from './receive.ts';
import { storeBatch } from './store-batch.ts';
import { validate } from './validate.ts';
import { toErrorAnswer, toReceiptAnswer } from './whole-answer.ts';
import type { World } from './world.ts';

export const EVENTS_PATH = '/events';

export function createEventsDoor(world: World): Door {
  return createDoor(world, async (incoming) => {
    const connection = toConnection(incoming, world.isTrustedProxy);
    return take(await receive(incoming, LIMITS.bodyBytes), connection, world);
  });
}

/** The same for requests that have come whole. */
export function createWholeEventsDoor(world: World): WholeDoor {
  const refuse = (error: unknown) => {
    countRefused(error, world);
    return toErrorAnswer(error, world.log);
  };
  return {
    requestLine: `POST ${EVENTS_PATH} HTTP/1.1`,
    answer({ headers, body }, socket) {
      try {
        const refusal = refuseByHeaders(headers, LIMITS.bodyBytes);
        if (refusal !== undefined) throw refusal;
        const connection = toConnection({ headers, socket }, world.isTrustedProxy);
        return take(body, connection, world).then(toReceiptAnswer, refuse);
      } catch (error) {
        return Promise.resolve(refuse(error));
      }
    },
  };
}

function take(body: Buffer, connection: Connection, world: World): Promise<Receipt> {
  const receivedAt = world.now();
  const batch = readBatch(body, (sent) => validate(sent, body.length), world);
  return storeBatch(batch, connection, receivedAt, world);
}
