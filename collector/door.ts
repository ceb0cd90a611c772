/** What all doors have in common. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerError, answerPreflight, answerReceipt } from './answer.ts';
import * as check from './check.ts';
import { countRefused, drop, toDrops } from './count-drops.ts';
import { parseJson } from './parse-json.ts';
import type { Receipt } from './protocol.ts';
import { costing, RefusalError } from './refusal.ts';
import type { EventRow } from './row.ts';
import type { Site } from './sites.ts';
import type { World } from './world.ts';

export type Door = (incoming: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Never rejects: whatever goes wrong becomes an answer. */
export function createDoor(
  world: World,
  take: (incoming: IncomingMessage) => Promise<Receipt>,
  answer = answerReceipt,
): Door {
  return async (incoming, response) => {
    try {
      if (incoming.method === 'OPTIONS') answerPreflight(response);
      else if (incoming.method === 'POST') answer(response, await take(incoming));
      else throw wrongMethod('POST', incoming);
    } catch (error) {
      countRefused(error, world);
      answerError(incoming, response, error, world.log);
    }
  };
}

export function wrongMethod(expected: string, { method = '' }: IncomingMessage): RefusalError {
  const message = `Expected a ${expected} request, got ${method}`;
  return new RefusalError(405, 'method', message, { expected, found: method });
}

/**
 * The batch in a body, by what `validate` makes of it. A refused body costs as many events as it holds, of the site that
 * it names.
 */
export function readBatch<Batch>(body: Buffer, validate: (body: unknown) => Batch, world: World): Batch {
  const sent = parseJson(body);
  return orRefuseAll(sent, () => validate(sent), world);
}

/** Runs `work`, which reads `sent`; a refusal that it throws names what it costs. */
export function orRefuseAll<Result>(sent: unknown, work: () => Result, { sites }: World): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    const { site, events } = check.isRecord(sent) ? sent : {};
    const siteId = typeof site === 'string' && sites.find(site) !== undefined ? site : '';
    const count = Array.isArray(events) ? Math.max(1, events.length) : 1;
    throw costing(error, siteId, [{ reason: 'malformed', message: error.message, events: count, sent }]);
  }
}

/** Throws RefusalError 404 for a site we do not know. */
export function findSite(siteId: string, events: number, { sites }: World): Site {
  const site = sites.find(siteId);
  if (site !== undefined) return site;
  const message = `Expected "site" to be a site of this collector, got "${siteId}"`;
  const detail = { field: 'site', expected: 'a site of this collector', found: siteId };
  const refusal = new RefusalError(404, 'unknown_site', message, detail);
  throw costing(refusal, siteId, [{ reason: 'unknown_site', message, events }]);
}

/** Throws RefusalError 429 if the address or the site has sent more than it may. */
export function checkRate(site: Site, address: string, events: number, { rateLimit }: World): void {
  const retryAfterSeconds = rateLimit.take(site.id, address, events);
  if (retryAfterSeconds === 0) return;
  const message = `Too many events; send them again in ${retryAfterSeconds} s`;
  const refusal = new RefusalError(429, 'rate_limited', message, { retryAfterSeconds });
  throw costing(refusal, site.id, [{ reason: 'rate_limited', message, events }]);
}

/** Where not one event can be stored, a 400 shows the engineer at once what a 202 would hide in its body. */
export function refuseIfHopeless(
  site: Site,
  batch: { events: unknown[]; refused: Receipt['refused']; firstRefusal: RefusalError | undefined },
  sent: readonly unknown[],
): void {
  if (batch.events.length > 0 || batch.firstRefusal === undefined) return;
  throw costing(batch.firstRefusal, site.id, toDrops(batch.refused, sent));
}

/** Resolves once the rows are on disk. Rejects with what the spool says, and counts them as not stored. */
export function appendRows(site: Site, rows: readonly EventRow[], world: World): Promise<void> {
  if (rows.length === 0) return Promise.resolve();
  return world.spool.append(rows).catch((error: unknown) => {
    const message = 'The collector cannot store events right now';
    drop(site.id, [{ reason: 'unavailable', message, events: rows.length }], world);
    throw error;
  });
}
