/** `POST /api/sites/{site}/check`: reads one of the site's pages and says what keeps the tag from working there. */
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { type SiteRow, toSite } from '../../../collector/sites.ts';
import type { Storage } from '../../../collector/storage/storage.ts';
import { readJson } from '../read-json.ts';
import { refuse, toRefusal } from '../refusal.ts';
import { requireRole } from '../require-role.ts';
import type { SiteScoped } from '../site-scope.ts';
import { type Expected, type Finding, isLocal, judgeAddress, judgePage } from './judge-page.ts';
import { createPageReader, type PageReader, UnreadablePageError } from './read-page.ts';

export type PageCheckWorld = {
  storage: Pick<Storage, 'query'>;
  publicUrl: () => string;
  /** Tests read pages of their own machine; nobody else may. */
  readPage?: PageReader;
};

export const checkBody = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'Expected an address like "https://www.example.com/"' })
    .max(2_000),
});

export function pageCheckRoutes(world: PageCheckWorld): Hono<SiteScoped> {
  const app = new Hono<SiteScoped>();
  app.post('/check', requireRole('admin'), async (c) => {
    const sent = await readJson(c);
    if ('refused' in sent) return sent.refused;
    const body = checkBody.safeParse(sent.value);
    if (!body.success) return refuse(c, 400, toRefusal(body.error, sent.value));
    const expected = await expectedOf(c, world);
    return expected ? c.json({ findings: await check(body.data.url, expected, world) }) : c.notFound();
  });
  return app;
}

async function check(url: string, expected: Expected, { readPage }: PageCheckWorld): Promise<Finding[]> {
  const address = new URL(url);
  // The visitor's localhost is not the server's: there is nothing to read from here.
  if (isLocal(address.hostname) && !readPage) return judgeAddress(address, expected);
  try {
    return judgePage(await (readPage ?? createPageReader())(url), expected);
  } catch (error) {
    if (!(error instanceof UnreadablePageError)) throw error;
    return [{ kind: 'unreachable', detail: error.message }, ...judgeAddress(address, expected)];
  }
}

async function expectedOf(
  c: Context<SiteScoped>,
  { storage, publicUrl }: PageCheckWorld,
): Promise<Expected | undefined> {
  const { siteId } = c.get('site');
  const { rows } = await storage.query<SiteRow>(
    'SELECT site_id, name, time_zone, currency, is_sample, settings FROM sites FINAL WHERE site_id = {site:String} AND NOT is_deleted',
    { parameters: { site: siteId } },
  );
  const site = rows[0] && toSite(rows[0]);
  return site && { ...site, siteId, origin: new URL(publicUrl()).origin };
}
