/** What an owner of the shop would set up first: two goals and the funnel from a product to the purchase. */
import { createHash } from 'node:crypto';
import type { Storage } from '../../collector/storage/storage.ts';

/**
 * Gives a site of the shop its goals and its funnel, unless it ever had any: what its owner removes stays removed.
 * `base` is where the shop lies: '' or '/demo'.
 */
export async function addShopAnalysis(
  storage: Pick<Storage, 'query' | 'insert'>,
  siteId: string,
  base: string,
): Promise<void> {
  const { rows } = await storage.query('SELECT 1 FROM goals WHERE site_id = {site:String} LIMIT 1', {
    parameters: { site: siteId },
  });
  if (rows.length > 0) return;
  const purchase = { event: 'Purchase' };
  const product = { page: { match: 'wildcard', path: `${base}/product/*` } };
  const checkout = { page: { match: 'wildcard', path: `${base}/checkout*` } };
  await storage.insert('goals', [
    {
      site_id: siteId,
      goal_id: idOf(siteId, 'purchase'),
      name: 'Purchase',
      condition: JSON.stringify(purchase),
    },
    {
      site_id: siteId,
      goal_id: idOf(siteId, 'checkout'),
      name: 'Checkout begun',
      condition: JSON.stringify(checkout),
    },
  ]);
  const steps = [product, { event: 'Add to cart' }, checkout, purchase];
  await storage.insert('saved_items', [
    {
      site_id: siteId,
      kind: 'funnel',
      item_id: idOf(siteId, 'funnel'),
      name: 'From product to purchase',
      body: JSON.stringify({ steps }),
      created_by: '00000000-0000-0000-0000-000000000000',
    },
  ]);
}

/** The same at every start, so that two processes that begin together write the same rows. */
function idOf(siteId: string, what: string): string {
  const hex = createHash('sha256').update(`${siteId} ${what}`).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
