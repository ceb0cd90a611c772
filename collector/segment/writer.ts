/** Who writes through the Segment API: a site by its public id, or the holder of a secret key. */
import { authorize } from '../authorize.ts';
import { RefusalError } from '../refusal.ts';
import type { Site } from '../sites.ts';
import type { World } from '../world.ts';

/** `isTrusted`: a secret key with the scope `import`; its times are taken as they are. */
export type Writer = { site: Site; isTrusted: boolean };

/** Throws RefusalError 401, 403, or 503 while keys cannot be looked up. */
export async function findWriter(writeKey: unknown, world: World): Promise<Writer> {
  if (typeof writeKey !== 'string' || writeKey === '') {
    throw new RefusalError(
      401,
      'no_key',
      'Expected a write key: the site’s id as the user name of Basic authentication',
    );
  }
  const site = world.sites.find(writeKey);
  if (site !== undefined) return { site, isTrusted: false };
  const key = await authorize(writeKey, 'import', world);
  const bound = world.sites.find(key.siteId);
  if (bound !== undefined) return { site: bound, isTrusted: true };
  throw new RefusalError(
    403,
    'unbound_key',
    'Expected a key that is bound to one site, for the Segment API names none',
  );
}
