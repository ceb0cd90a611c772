/** From a valid batch to its receipt: what the site decides, the rows, the disk. */
import { count } from './count-drops.ts';
import { appendRows, checkRate, findSite, refuseIfHopeless } from './door.ts';
import type { Enriched } from './enrich/enrich.ts';
import { enrich } from './enrich/enrich.ts';
import type { Connection } from './enrich/sender.ts';
import { toBrowserSender } from './enrich/sender.ts';
import { ruleOnBatch } from './policy.ts';
import type { Receipt } from './protocol.ts';
import type { Site } from './sites.ts';
import type { ValidBatch } from './validate.ts';
import type { World } from './world.ts';

/**
 * Resolves once the rows are on disk; rejects with what the spool says. Throws RefusalError. `receivedAt` by our clock, in
 * ms. Chained by hand, as all that runs for each request: an `async` function costs as much as reading the headers.
 */
export function storeBatch(
  batch: ValidBatch,
  connection: Connection,
  receivedAt: number,
  world: World,
): Promise<Receipt> {
  const site = findSite(batch.facts.site, batch.events.length, world);
  checkRate(site, connection.address, batch.events.length, world);
  refuseIfHopeless(site, batch, batch.sent);
  const { rows, refused } = decideAndEnrich(batch, site, connection, receivedAt, world);
  const receipt = { accepted: rows.length, refused: batch.refused.concat(refused) };
  return appendRows(site, rows, world).then(() => {
    count(site.id, receipt, batch.sent, world);
    return receipt;
  });
}

function decideAndEnrich(
  batch: ValidBatch,
  site: Site,
  connection: Connection,
  receivedAt: number,
  world: World,
): Enriched {
  const ruling = ruleOnBatch(batch.facts, site, connection);
  if ('facts' in ruling) {
    return enrich(batch.events, toBrowserSender(ruling.facts, site, connection, receivedAt, world), world);
  }
  const refused: Receipt['refused'] = batch.events.map(({ index, event }) => {
    return { index, id: event.id, reason: 'policy', message: ruling.refused };
  });
  return { rows: [], refused };
}
