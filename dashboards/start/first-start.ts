/** What a fresh installation needs before anybody can use it: a site to count and a person who owns it. */

import type { Storage } from '../../collector/storage/storage.ts';
import { addShopAnalysis } from '../../snippet/demo/analysis.ts';
import { DEMO_SITE } from '../../snippet/demo/shop.ts';
import type { Accounts, User } from '../api/sign-in/accounts.ts';

/** A row of `sites` (collector/schema/002-configuration.sql) as far as it is not left to its defaults. */
type NewSite = { site_id: string; name: string; currency?: string; settings?: string };

const FIRST_SITE: NewSite = { site_id: 'my-site', name: 'My site' };

/** The owner, and the site whose tag to show: the oldest real one. */
export type FirstUse = { owner: User; siteId: string };

/** Creates them if there are none, and the demo shop's site if the shop is to be shown. */
export async function prepareFirstUse(
  storage: Storage,
  accounts: Accounts,
  ownerEmail: string,
  isDemoOn: boolean,
): Promise<FirstUse> {
  const owner = (await accounts.firstOwner()) ?? (await accounts.create(ownerEmail, 'owner'));
  const siteId = await oldestSite(storage);
  if (siteId === undefined) await createSite(storage, FIRST_SITE);
  if (isDemoOn) {
    await ensureSite(storage, DEMO_SITE);
    await addShopAnalysis(storage, DEMO_SITE.site_id, '/demo');
  }
  return { owner, siteId: siteId ?? FIRST_SITE.site_id };
}

/** Creates the site unless one with its id was ever made: one that its owner removed stays removed. */
async function ensureSite(storage: Storage, site: NewSite): Promise<void> {
  const { rows } = await storage.query('SELECT 1 FROM sites WHERE site_id = {id:String} LIMIT 1', {
    parameters: { id: site.site_id },
  });
  if (rows.length === 0) await createSite(storage, site);
}

async function oldestSite(storage: Storage): Promise<string | undefined> {
  const { rows } = await storage.query<{ site_id: string }>(
    `SELECT site_id FROM sites FINAL WHERE NOT is_deleted AND NOT is_sample AND site_id != {demo:String}
    ORDER BY created_time, site_id LIMIT 1`,
    { parameters: { demo: DEMO_SITE.site_id } },
  );
  return rows[0]?.site_id;
}

async function createSite(storage: Storage, site: NewSite): Promise<void> {
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
  await storage.insert('sites', [{ time_zone: timeZone, settings: '{}', ...site }]);
}
