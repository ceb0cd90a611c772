/**
 * What a public link opens: the names of its board and tiles, and the answers to the tiles' own questions as they were
 * saved. It takes no parameters, so it can be asked nothing else; it needs no sign-in, and gives none.
 */
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { getCookie, setCookie } from 'hono/cookie';
import { LRUCache } from 'lru-cache';
import { createRateLimit } from '../../../collector/rate-limit.ts';
import type { Storage } from '../../../collector/storage/storage.ts';
import { findReport } from '../../reports/registry.ts';
import type { ReportAnswer } from '../../reports/run.ts';
import { readJson } from '../read-json.ts';
import { refuse } from '../refusal.ts';
import type { AttemptLimit } from '../sign-in/attempts.ts';
import { sameOrigin } from '../sign-in/guard.ts';
import { PASSWORD_LENGTH } from '../sign-in/password.ts';
import type { ReportSites, SiteAnswer } from '../sites.ts';
import type { Tile } from './board.ts';
import type { BoardLinks, OpenedLink } from './links.ts';
import { readBoard, type StoredBoard } from './read-board.ts';

export type PublicBoardWorld = {
  links: BoardLinks;
  sites: ReportSites;
  /** Read-only and limited: what reports use. */
  reader: Storage;
  addressOf: (c: Context) => string;
  /** Bounds guessing of passwords. */
  attempts: AttemptLimit;
  publicUrl: () => string;
  now: () => number;
};

/** What the public page is told. Of a tile all but its questions. */
export type SharedBoard = {
  name: string;
  site: Pick<SiteAnswer, 'name' | 'time_zone' | 'currency' | 'is_sample'>;
  tiles: Omit<Tile, 'queries'>[];
};

const COOKIE = 'footfall_board';
/** Many may look at once: an answer serves all of them for so long. */
const MEMORY_MS = 60_000;
const MOST_REMEMBERED = 500;
/** Requests per second on average, ten times as many at once. */
const RATE = { perAddress: 5, perSite: 20 };

/** What is longer is no secret of ours, and would be kept all the same. */
const LONGEST_SECRET = 64;

type Answers = ReportAnswer<object>[];
type Opened = { Variables: { link: OpenedLink; board: StoredBoard } };

/** Mounted at `/api/shared`. */
export function publicBoardRoutes(world: PublicBoardWorld): Hono<Opened> {
  const { links, now } = world;
  const limit = createRateLimit({ now, ...RATE });
  const remembered = new LRUCache<string, Promise<Answers>>({ max: MOST_REMEMBERED, ttl: MEMORY_MS });
  const app = new Hono<Opened>();

  app.use('/:secret/*', async (c, next) => {
    c.header('cache-control', 'no-store');
    c.header('x-robots-tag', 'noindex');
    const secret = c.req.param('secret').slice(0, LONGEST_SECRET);
    const wait = limit.take(secret, world.addressOf(c), 1);
    if (wait > 0) return tooMany(c, wait);
    const link = await links.open(secret);
    const board = link && (await readBoard(world.reader, link.siteId, link.boardId));
    if (!link || !board) return unknownLink(c);
    c.set('link', link);
    c.set('board', board);
    return next();
  });
  app.post('/:secret/unlock', sameOrigin(world.publicUrl), smallBody, (c) => unlock(c, world));
  app.use('/:secret/*', async (c, next) =>
    links.isUnlocked(c.get('link'), getCookie(c, COOKIE)) ? next() : passwordNeeded(c),
  );
  app.get('/:secret/board', async (c) => {
    const shared = await toShared(c.get('link'), c.get('board'), world);
    return shared ? c.json(shared) : unknownLink(c);
  });
  app.get('/:secret/tiles/:tile', (c) => answerTile(c, world, remembered));
  return app;
}

async function toShared(
  { siteId }: OpenedLink,
  { name, tiles }: StoredBoard,
  { sites }: PublicBoardWorld,
): Promise<SharedBoard | undefined> {
  const site = (await sites.list(readerOf(siteId))).find((one) => one.site_id === siteId);
  if (!site) return undefined;
  return {
    name,
    site: { name: site.name, time_zone: site.time_zone, currency: site.currency, is_sample: site.is_sample },
    tiles: tiles.map(({ queries: _, ...tile }) => tile),
  };
}

async function answerTile(
  c: Context<Opened>,
  world: PublicBoardWorld,
  remembered: LRUCache<string, Promise<Answers>>,
): Promise<Response> {
  const link = c.get('link');
  const board = c.get('board');
  const tile = board.tiles.find(({ id }) => id === c.req.param('tile'));
  if (!tile) return unknownLink(c);
  const key = `${link.siteId} ${board.boardId} ${board.updatedMs} ${tile.id}`;
  const answers = remembered.get(key) ?? ask(tile, link.siteId, world);
  remembered.set(key, answers);
  // A question that failed is asked again by the next who comes.
  answers.catch(() => remembered.delete(key));
  return c.json({ answers: await answers });
}

/** The tile's questions as they were saved, answered now. Throws ZodError or ReportError where they no longer can be. */
async function ask(tile: Tile, siteId: string, { sites, reader, now }: PublicBoardWorld): Promise<Answers> {
  const site = await sites.find(siteId, readerOf(siteId));
  if (!site) return [];
  return Promise.all(
    tile.queries.flatMap(
      ({ report, parameters }) =>
        findReport(report)?.answer(parameters, site, { reader, nowMs: now() }) ?? [],
    ),
  );
}

/** Nobody: may see the one site, and do nothing. */
function readerOf(siteId: string) {
  return { userId: '', role: 'viewer', scopes: [], siteId } as const;
}

async function unlock(c: Context<Opened>, { links, attempts, addressOf, publicUrl }: PublicBoardWorld) {
  const link = c.get('link');
  const key = `board ${link.secretHash}`;
  const wait = attempts.take(key, addressOf(c));
  if (wait > 0) return tooMany(c, wait);
  const sent = await readJson(c);
  if ('refused' in sent) return sent.refused;
  const { password } = Object(sent.value) as { password?: unknown }; // Anything may have been sent: looked at below.
  const isRight =
    typeof password === 'string' &&
    password.length <= PASSWORD_LENGTH.most &&
    (await links.isPassword(link, password));
  if (!isRight) return refuse(c, 403, { code: 'wrong_password', message: 'The password is wrong' });
  attempts.forgive(key, addressOf(c));
  const { token, seconds } = links.unlock(link);
  setCookie(c, COOKIE, token, {
    path: `/api/shared/${c.req.param('secret')}`,
    httpOnly: true,
    sameSite: 'Strict',
    secure: publicUrl().startsWith('https:'),
    maxAge: seconds,
  });
  return c.body(null, 204);
}

/** A password is short; strangers may post here. */
const smallBody = bodyLimit({
  maxSize: 4 * 1024,
  onError: (c) => refuse(c, 413, { code: 'too_large', message: 'Expected a password' }),
});

/** The same for a link that never was, that has ended, and for what is not on its board: the answer does not tell which. */
function unknownLink(c: Context) {
  return refuse(c, 404, { code: 'unknown_link', message: 'This link opens nothing, or nothing any more' });
}

function passwordNeeded(c: Context) {
  return refuse(c, 401, { code: 'password_needed', message: 'This board asks for a password' });
}

function tooMany(c: Context, seconds: number) {
  c.header('retry-after', String(seconds));
  return refuse(c, 429, { code: 'too_many', message: `Too many requests: wait ${seconds} seconds` });
}
