/** Making, listing and revoking public links to a board: for the site's admins, signed in by themselves. */
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { Storage } from '../../../collector/storage/storage.ts';
import { actorOf, recordAudit } from '../audit.ts';
import { readJson } from '../read-json.ts';
import { refuse, toRefusal } from '../refusal.ts';
import { requireRole } from '../require-role.ts';
import { PASSWORD_LENGTH } from '../sign-in/password.ts';
import type { SiteScoped } from '../site-scope.ts';
import type { BoardLinks } from './links.ts';
import { readBoard } from './read-board.ts';

const DAY_MS = 86_400_000;

export const linkBody = z.strictObject({
  label: z.string().trim().max(100).default('').describe('Whom it is for'),
  password: z.string().min(PASSWORD_LENGTH.least).max(PASSWORD_LENGTH.most).optional(),
  days: z
    .number()
    .int()
    .min(1)
    .max(3_660)
    .optional()
    .describe('After so many days it opens nothing. Default: no end.'),
});

export type LinkRoutesWorld = {
  links: BoardLinks;
  storage: Storage;
  publicUrl: () => string;
  now: () => number;
};

/** Mounted at `/api/sites/{site}`. */
export function boardLinkRoutes(world: LinkRoutesWorld): Hono<SiteScoped> {
  const { links } = world;
  const app = new Hono<SiteScoped>();
  app.use('/boards/*', requireRole('admin'));

  app.get('/boards/:board/links', async (c) =>
    (await boardOf(c, world))
      ? c.json({ rows: await links.list(c.get('site').siteId, c.req.param('board')) })
      : unknownBoard(c),
  );
  app.post('/boards/:board/links', (c) => publish(c, world));
  app.delete('/boards/:board/links/:link', async (c) => {
    const { board, link } = c.req.param();
    const { siteId } = c.get('site');
    const label = (await boardOf(c, world)) && (await links.revoke(siteId, board, link));
    if (label === undefined) return unknownLink(c);
    await recordAudit(world, { siteId, ...actorOf(c), action: 'link_revoked', subject: label || link });
    return c.body(null, 204);
  });
  return app;
}

async function publish(c: Context<SiteScoped>, world: LinkRoutesWorld): Promise<Response> {
  const sent = await readJson(c);
  if ('refused' in sent) return sent.refused;
  const asked = linkBody.safeParse(sent.value);
  if (!asked.success) return refuse(c, 400, toRefusal(asked.error, { ...Object(sent.value), password: '…' }));
  const board = await boardOf(c, world);
  if (!board) return unknownBoard(c);
  const { label, password, days } = asked.data;
  const { siteId } = c.get('site');
  const expiresMs = days === undefined ? undefined : world.now() + days * DAY_MS;
  const { userId } = c.get('principal');
  const made = await world.links.create({
    siteId,
    boardId: board.boardId,
    label,
    password,
    expiresMs,
    userId,
  });
  await recordAudit(world, {
    siteId,
    ...actorOf(c),
    action: 'link_published',
    subject: board.name,
    details: { label, hasPassword: password !== undefined, days: days ?? null },
  });
  return c.json({ link_id: made.linkId, url: `${world.publicUrl()}/shared/${made.secret}` }, 201);
}

function boardOf(c: Context<SiteScoped>, { storage }: LinkRoutesWorld) {
  return readBoard(storage, c.get('site').siteId, c.req.param('board') ?? '');
}

function unknownBoard(c: Context) {
  const message = `There is no board "${c.req.param('board')}" on this site`;
  return refuse(c, 404, { code: 'unknown_board', message });
}

function unknownLink(c: Context) {
  const message = `There is no link "${c.req.param('link')}" to this board`;
  return refuse(c, 404, { code: 'unknown_link', message });
}
