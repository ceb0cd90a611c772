/** What all doors have in common. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerError, answerPreflight, answerReceipt } from './answer.ts';
import type { Receipt } from './protocol.ts';
import { REFUSAL_REASONS } from './protocol.ts';
import { RefusalError } from './refusal.ts';
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
      answerError(incoming, response, error, world.log);
    }
  };
}

export function wrongMethod(expected: string, { method = '' }: IncomingMessage): RefusalError {
  const message = `Expected a ${expected} request, got ${method}`;
  return new RefusalError(405, 'method', message, { expected, found: method });
}

/** A body that is no batch counts as one malformed event of nobody's. */
export function countIfMalformed<Batch>(parse: () => Batch, { counters }: World): Batch {
  try {
    return parse();
  } catch (error) {
    counters.drop('', 'malformed', 1);
    throw error;
  }
}

/** Throws RefusalError 404 and counts the events that were meant for a site we do not know. */
export function findSite(siteId: string, events: number, { sites, counters }: World): Site {
  const site = sites.find(siteId);
  if (site !== undefined) return site;
  counters.drop(siteId, 'unknown_site', events);
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

/** Throws RefusalError 429 if the address or the site has sent more than it may. */
export function checkRate(site: Site, address: string, events: number, { rateLimit, counters }: World): void {
  const retryAfterSeconds = rateLimit.take(site.id, address, events);
  if (retryAfterSeconds === 0) return;
  counters.drop(site.id, 'rate_limited', events);
  throw new RefusalError(429, 'rate_limited', `Too many events; send them again in ${retryAfterSeconds} s`, {
    retryAfterSeconds,
  });
}

/** Where not one event can be stored, a 400 shows the engineer at once what a 202 would hide in its body. */
export function refuseIfHopeless(
  site: Site,
  batch: { events: unknown[]; refused: unknown[]; firstRefusal: RefusalError | undefined },
  { counters }: World,
): void {
  if (batch.events.length > 0 || batch.firstRefusal === undefined) return;
  counters.drop(site.id, 'malformed', batch.refused.length);
  throw batch.firstRefusal;
}

/** Every event not stored is counted by its reason. */
export function count(siteId: string, { accepted, refused }: Receipt, { counters }: World): void {
  if (accepted > 0) counters.accept(siteId, accepted);
  if (refused.length === 0) return;
  for (const reason of REFUSAL_REASONS) {
    const events = refused.filter((refusal) => refusal.reason === reason).length;
    if (events > 0) counters.drop(siteId, reason, events);
  }
}
