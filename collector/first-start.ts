/** What a fresh installation needs before anybody can use it: a site to count and a person who owns it. */
import type { Accounts, User } from '../dashboards/api/sign-in/accounts.ts';
import type { Storage } from './storage/storage.ts';

export const FIRST_SITE = 'my-site';

/** Creates them if there are none. Returns the owner, and the site whose tag to show: the oldest real one. */
export async function prepareFirstUse(
  storage: Storage,
  accounts: Accounts,
  ownerEmail: string,
): Promise<{ owner: User; siteId: string }> {
  const siteId = (await oldestSite(storage)) ?? (await createSite(storage, FIRST_SITE, 'My site'));
  const owner = (await accounts.firstOwner()) ?? (await accounts.create(ownerEmail, 'owner'));
  return { owner, siteId };
}

async function oldestSite(storage: Storage): Promise<string | undefined> {
  const { rows } = await storage.query<{ site_id: string }>(
    'SELECT site_id FROM sites FINAL WHERE NOT is_deleted AND NOT is_sample ORDER BY created_time, site_id LIMIT 1',
  );
  return rows[0]?.site_id;
}

async function createSite(storage: Storage, siteId: string, name: string): Promise<string> {
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
  await storage.insert('sites', [{ site_id: siteId, name, time_zone: timeZone, settings: '{}' }]);
  return siteId;
}
