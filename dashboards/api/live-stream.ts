/**
 * `GET /api/sites/{site}/live/events`: what arrives, as server-sent events of two kinds. `event`: a LiveEvent, stored.
 * `drop`: a RecentDrop, in no report, with its reason; the first answer begins with those of late (at most 100).
 */
import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import type { RecentDrop, RecentDrops } from '../../collector/recent-drops.ts';
import type { Storage } from '../../collector/storage/storage.ts';
import { composeLiveEvents, type LiveEvent } from '../reports/live/stream.ts';
import { renderSql } from '../sql.ts';
import { refuse } from './refusal.ts';
import type { SiteScoped } from './site-scope.ts';

export type LiveStreamWorld = {
  reader: Pick<Storage, 'query'>;
  /** This process's own: of several collectors each tells what it dropped itself. */
  recentDrops: Pick<RecentDrops, 'read'>;
  now: () => number;
  /** How often the table is looked at, for each open page. */
  everyMs?: number;
};

/** Each open page costs a small query a second. */
const MOST_OPEN = 50;
/** An event may be inserted some seconds after it was received, behind others: so far back each look reaches. */
const OVERLAP_MS = 10_000;

export function liveStreamRoutes(world: LiveStreamWorld): Hono<SiteScoped> {
  const app = new Hono<SiteScoped>();
  let open = 0;

  app.get('/live/events', (c) => {
    if (open >= MOST_OPEN) {
      c.header('retry-after', '30');
      return refuse(c, 503, {
        code: 'busy',
        message: `Expected at most ${MOST_OPEN} open live streams: close one, then retry`,
      });
    }
    open += 1;
    const { siteId } = c.get('site');
    // Proxies must not collect the stream before they pass it on.
    c.header('x-accel-buffering', 'no');
    return streamSSE(c, async (stream) => {
      try {
        await tell(stream, siteId, world);
      } finally {
        open -= 1;
      }
    });
  });
  return app;
}

/** Until the reader goes. */
async function tell(
  stream: SSEStreamingApi,
  siteId: string,
  { reader, recentDrops, now, everyMs = 1_000 }: LiveStreamWorld,
): Promise<void> {
  const events = watchEvents(reader, siteId, now);
  const drops = watchDrops(recentDrops, siteId);
  let isOver = false;
  stream.onAbort(() => {
    isOver = true;
  });
  while (!isOver) {
    for (const event of await events()) {
      if (event.is_bot) await write(stream, 'drop', event.event_id, toBotDrop(event));
      else await write(stream, 'event', event.event_id, event);
    }
    for (const drop of drops()) await write(stream, 'drop', drop.drop_id, drop);
    // A comment now and then shows both ends, and the proxies between, that the other is there.
    await stream.write(': here\n\n');
    await stream.sleep(everyMs);
  }
}

function write(
  stream: SSEStreamingApi,
  kind: string,
  id: string,
  data: LiveEvent | RecentDrop,
): Promise<void> {
  return stream.writeSSE({ event: kind, id, data: JSON.stringify(data) });
}

/** What has been stored since the last look, oldest first. */
function watchEvents(reader: LiveStreamWorld['reader'], siteId: string, now: () => number) {
  const salt = randomBytes(8).toString('hex');
  const seen = new Map<string, number>();
  let sinceMs = now() - OVERLAP_MS;
  return async (): Promise<LiveEvent[]> => {
    const { text, parameters } = renderSql(composeLiveEvents({ siteId, sinceMs, nowMs: now(), salt }));
    const { rows } = await reader.query<LiveEvent>(text, { parameters });
    const fresh = rows.filter((one) => !seen.has(one.event_id));
    for (const event of fresh) seen.set(event.event_id, event.received_ms);
    sinceMs = Math.max(sinceMs, (rows.at(-1)?.received_ms ?? now()) - OVERLAP_MS);
    for (const [id, receivedMs] of seen) if (receivedMs <= sinceMs) seen.delete(id);
    return fresh;
  };
}

/** What has been dropped since the last look, oldest first. */
function watchDrops(recentDrops: LiveStreamWorld['recentDrops'], siteId: string) {
  let told = new Set<string>();
  return (): RecentDrop[] => {
    const drops = recentDrops.read(siteId);
    const fresh = drops.filter((one) => !told.has(one.drop_id));
    told = new Set(drops.map((one) => one.drop_id));
    return fresh;
  };
}

/** What bots send is stored and in no report: to whoever looks for their event, that is a drop. */
function toBotDrop({ event_id, received_ms, kind, name, path }: LiveEvent): RecentDrop {
  const message = 'Sent by a bot, as it seems: it is stored and marked, and reports leave it out';
  return {
    drop_id: event_id,
    dropped_ms: received_ms,
    reason: 'bot',
    events: 1,
    event_id,
    kind,
    name: kind === 'custom' ? name : '',
    path,
    message,
  };
}
