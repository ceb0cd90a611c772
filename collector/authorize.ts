/** Who may use the doors that take a secret key. */
import type { IncomingMessage } from 'node:http';
import type { DoorKey } from './keys.ts';
import { costing, RefusalError } from './refusal.ts';
import type { World } from './world.ts';

/** What the Authorization header bears: a Bearer token, or Basic's user name (Segment's libraries send the key there). */
export function readSecret({ headers }: IncomingMessage): string | undefined {
  const [scheme = '', value = ''] = (headers.authorization ?? '').split(' ', 2);
  if (scheme.toLowerCase() === 'bearer') return value === '' ? undefined : value;
  if (scheme.toLowerCase() !== 'basic') return undefined;
  const name = Buffer.from(value, 'base64').toString('utf8').split(':', 1)[0];
  return name === '' ? undefined : name;
}

/** The key behind a secret, if it allows `scope`. Throws RefusalError: 401, 403, or 503 while the database is away. */
export async function authorize(secret: string | undefined, scope: string, world: World): Promise<DoorKey> {
  if (secret === undefined) throw new RefusalError(401, 'no_key', 'Expected "authorization: Bearer <key>"');
  const key = await findKey(secret, world);
  if (key === undefined)
    throw new RefusalError(
      401,
      'unknown_key',
      'Expected a valid key: this one is unknown, revoked or expired',
    );
  if (!key.scopes.includes(scope)) {
    throw new RefusalError(403, 'scope', `Expected a key with the scope "${scope}"`, {
      expected: scope,
      found: key.scopes.join(', ') || 'no scope',
    });
  }
  return key;
}

/** A key to one site opens no other. What it costs is told to the key's own site: there somebody can mend it. */
export function refuseOtherSite(key: DoorKey, siteId: string, events: number): void {
  if (key.siteId === '' || key.siteId === siteId) return;
  const message = `Expected "site" to be "${key.siteId}", for which this key is made`;
  const detail = { field: 'site', expected: key.siteId, found: siteId };
  const refusal = new RefusalError(403, 'other_site', message, detail);
  throw costing(refusal, key.siteId, [{ reason: 'unauthorized', message, events }]);
}

async function findKey(secret: string, { keys, log }: World): Promise<DoorKey | undefined> {
  try {
    return await keys.find(secret);
  } catch (error) {
    log('A key could not be looked up', error);
    const message = 'The key cannot be checked right now; send the events again later';
    throw new RefusalError(503, 'unavailable', message, { retryAfterSeconds: 5 });
  }
}
