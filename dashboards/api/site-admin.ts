/** Making, setting and removing sites. */
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { toSiteId } from '../../collector/protocol.ts';
import { removeSite } from '../../collector/remove-site.ts';
import { parseSettings, type SiteSettings, toSettings } from '../../collector/site-settings.ts';
import type { Storage } from '../../collector/storage/storage.ts';
import { type Asked, type AuditAction, actorOf, recordAudit } from './audit.ts';
import type { Authenticated } from './principal.ts';
import { readJson } from './read-json.ts';
import { refuse, toRefusal } from './refusal.ts';
import { requireRole } from './require-role.ts';
import type { SiteScoped } from './site-scope.ts';

export type SiteAdminWorld = {
  storage: Storage;
  now: () => number;
  /** Told after a site has changed, so that the doors act on it at once. */
  onSitesChanged: () => Promise<void>;
};

type SiteRow = {
  site_id: string;
  name: string;
  time_zone: string;
  currency: string;
  is_sample: boolean;
  settings: string;
  created_time: number;
};

const name = z.string().trim().min(1).max(100);
const timeZone = z.string().refine(isTimeZone, 'Expected a time zone like "Europe/Berlin"');
const currency = z.string().regex(/^[A-Z]{3}$/, 'Expected three capital letters (ISO 4217)');

export const newSiteBody = z.strictObject({
  site_id: z
    .string()
    .refine(
      (id) => toSiteId(id) !== undefined,
      'Expected lower-case letters, digits, dots and hyphens, at most 63',
    ),
  name,
  time_zone: timeZone,
  currency: currency.default('EUR'),
});

const settings = z.unknown().transform((value, c) => {
  try {
    return parseSettings(value);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    for (const issue of error.issues)
      c.addIssue({ code: 'custom', path: issue.path, message: issue.message });
    return z.NEVER;
  }
});
export const siteBody = z.strictObject({ name, time_zone: timeZone, currency, settings });

/** Mounted at `/api/sites`. */
export function newSiteRoute(world: SiteAdminWorld): Hono<Authenticated> {
  const { storage, now, onSitesChanged } = world;
  const app = new Hono<Authenticated>();
  app.post('/', requireRole('admin'), async (c) => {
    const sent = await readJson(c);
    if ('refused' in sent) return sent.refused;
    const site = newSiteBody.safeParse(sent.value);
    if (!site.success) return refuse(c, 400, toRefusal(site.error, sent.value));
    const { site_id: siteId } = site.data;
    if (await readSite(storage, siteId)) {
      const message = `There is a site "${siteId}" already`;
      return refuse(c, 409, { code: 'taken', message, field: 'site_id', found: siteId });
    }
    await storage.insert('sites', [
      { ...site.data, settings: '{}', created_time: now(), updated_time: now() },
    ]);
    await onSitesChanged();
    await record(c, world, siteId, 'site_made', site.data.name);
    return c.json(site.data, 201);
  });
  return app;
}

/** Mounted at `/api/sites/{site}`. */
export function siteSettingsRoutes(world: SiteAdminWorld): Hono<SiteScoped> {
  const { storage, onSitesChanged } = world;
  const app = new Hono<SiteScoped>();
  app.get('/', async (c) => {
    const site = await readSite(storage, c.get('site').siteId);
    return site ? c.json({ ...site, settings: toSettings(site.settings) }) : c.notFound();
  });
  app.put('/', requireRole('admin'), (c) => changeSite(c, world));
  app.delete('/', requireRole('owner'), async (c) => {
    const { siteId } = c.get('site');
    const site = await readSite(storage, siteId);
    await removeSite(storage, siteId);
    await onSitesChanged();
    await record(c, world, siteId, 'site_removed', site?.name ?? siteId);
    return c.body(null, 204);
  });
  return app;
}

async function changeSite(c: Context<SiteScoped>, world: SiteAdminWorld): Promise<Response> {
  const { storage, now, onSitesChanged } = world;
  const sent = await readJson(c);
  if ('refused' in sent) return sent.refused;
  const changed = siteBody.safeParse(sent.value);
  if (!changed.success) return refuse(c, 400, toRefusal(changed.error, sent.value));
  const site = await readSite(storage, c.get('site').siteId);
  if (!site) return c.notFound();
  const row = { ...site, ...changed.data };
  await storage.insert('sites', [{ ...row, settings: JSON.stringify(row.settings), updated_time: now() }]);
  await onSitesChanged();
  await record(c, world, site.site_id, 'site_changed', row.name, changesOf(site, row));
  return c.json(row);
}

type Named = Pick<SiteRow, 'name' | 'time_zone' | 'currency'>;

/** What was changed, from what to what; of the settings each that differs. */
function changesOf(
  before: Named & { settings: string },
  after: Named & { settings: SiteSettings },
): Record<string, unknown> {
  const flat = ({ name, time_zone, currency }: Named, settings: SiteSettings) =>
    Object.entries({ name, time_zone, currency, ...settings });
  const old = new Map<string, unknown>(flat(before, toSettings(before.settings)));
  return Object.fromEntries(
    flat(after, after.settings).flatMap(([key, value]) =>
      JSON.stringify(value) === JSON.stringify(old.get(key))
        ? []
        : [[key, { from: old.get(key), to: value }]],
    ),
  );
}

function record(
  c: Asked,
  world: SiteAdminWorld,
  siteId: string,
  action: AuditAction,
  subject: string,
  details: Record<string, unknown> = {},
): Promise<void> {
  return recordAudit(world, { siteId, ...actorOf(c), action, subject, details });
}

async function readSite(storage: Pick<Storage, 'query'>, siteId: string): Promise<SiteRow | undefined> {
  const { rows } = await storage.query<SiteRow>(
    `SELECT site_id, name, time_zone, currency, is_sample, settings,
      toUnixTimestamp64Milli(sites.created_time) AS created_time
    FROM sites FINAL WHERE site_id = {site:String} AND NOT is_deleted`,
    { parameters: { site: siteId } },
  );
  return rows[0];
}

function isTimeZone(text: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false; // RangeError: there is no such zone.
  }
}
