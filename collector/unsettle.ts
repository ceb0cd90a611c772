import type { Storage } from './storage/storage.ts';

/**
 * Deletes what is stored of a site's settled days, so that nothing of deleted events is left in them. Reports derive
 * sessions from the events until the days are settled anew. Resolves once it is gone.
 */
export async function unsettle(storage: Pick<Storage, 'command'>, siteId: string): Promise<void> {
  for (const table of ['settled_days', 'settled_sessions', 'settled_edges', 'settled_visitors']) {
    await storage.command('ALTER TABLE {table:Identifier} DELETE WHERE site_id = {site:String}', {
      parameters: { table, site: siteId },
      settings: { mutations_sync: 2 },
    });
  }
}
