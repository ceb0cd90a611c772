/** `POST /v1/events` with a secret key (scope `import`): events of any time, each saying whom it is about. */
import type { IncomingMessage } from 'node:http';
import { authorize, readSecret, refuseOtherSite } from './authorize.ts';
import { count } from './count-drops.ts';
import type { Door } from './door.ts';
import { appendRows, createDoor, findSite, readBatch, refuseIfHopeless } from './door.ts';
import { enrich } from './enrich/enrich.ts';
import { toImportedSender } from './enrich/imported-sender.ts';
import { API_LIMITS, validateImport } from './import-batch.ts';
import type { Receipt } from './protocol.ts';
import { receiveGzip } from './receive.ts';
import type { EventRow } from './row.ts';
import type { World } from './world.ts';

export function createImportDoor(world: World): Door {
  return createDoor(world, (incoming) => take(incoming, world));
}

async function take(incoming: IncomingMessage, world: World): Promise<Receipt> {
  const key = await authorize(readSecret(incoming), 'import', world);
  const body = await receiveGzip(incoming, API_LIMITS.bodyBytes);
  const receivedAt = world.now();
  const batch = readBatch(body, (sent) => validateImport(sent, body.length), world);
  refuseOtherSite(key, batch.facts.site, batch.sent.length);
  const site = findSite(batch.facts.site, batch.events.length, world);
  refuseIfHopeless(site, batch, batch.sent);
  const rows: EventRow[] = [];
  const refused = [...batch.refused];
  for (const { index, event } of batch.events) {
    const sender = toImportedSender(event, batch.facts, site, receivedAt, world);
    if (sender === undefined) {
      const message = `Expected "events[${index}]" to say whom it is about: anonymousId, userId or ip`;
      refused.push({ index, id: event.id, reason: 'malformed', message });
      continue;
    }
    const enriched = enrich([{ index, event }], sender, world);
    rows.push(...enriched.rows);
    refused.push(...enriched.refused);
  }
  await appendRows(site, rows, world);
  const receipt = { accepted: rows.length, refused };
  count(site.id, receipt, batch.sent, world);
  return receipt;
}
