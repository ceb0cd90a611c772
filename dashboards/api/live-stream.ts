/** `GET /api/sites/{site}/live/events`: the events as they arrive, as server-sent events. */
import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Storage } from '../../collector/storage/storage.ts';
import { composeLiveEvents, type LiveEvent } from '../reports/live/stream.ts';
import { renderSql } from '../sql.ts';
import { refuse } from './refusal.ts';
import type { SiteScoped } from './site-scope.ts';

export type LiveStreamWorld = {
  reader: Pick<Storage, 'query'>;
  now: () => number;
  /** How often the table is looked at, for each open page. */
  everyMs?: number;
};

/** Each open page costs a small query a second. */
const MOST_OPEN = 50;
/** An event may be inserted some seconds after it was received, behind others: so far back each look reaches. */
const OVERLAP_MS = 10_000;

export function liveStreamRoutes({ reader, now, everyMs = 1_000 }: LiveStreamWorld): Hono<SiteScoped> {
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
      const salt = randomBytes(8).toString('hex');
      const seen = new Map<string, number>();
      let sinceMs = now() - OVERLAP_MS;
      let isOver = false;
      stream.onAbort(() => {
        isOver = true;
      });
      try {
        while (!isOver) {
          const { text, parameters } = renderSql(composeLiveEvents({ siteId, sinceMs, nowMs: now(), salt }));
          const { rows } = await reader.query<LiveEvent>(text, { parameters });
          for (const event of rows.filter((one) => !seen.has(one.event_id))) {
            seen.set(event.event_id, event.received_ms);
            await stream.writeSSE({ event: 'event', id: event.event_id, data: JSON.stringify(event) });
          }
          sinceMs = Math.max(sinceMs, (rows.at(-1)?.received_ms ?? now()) - OVERLAP_MS);
          for (const [id, receivedMs] of seen) if (receivedMs <= sinceMs) seen.delete(id);
          // A comment now and then shows both ends, and the proxies between, that the other is there.
          await stream.write(': here\n\n');
          await stream.sleep(everyMs);
        }
      } finally {
        open -= 1;
      }
    });
  });
  return app;
}
