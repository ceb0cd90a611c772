import { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRecentDrops, type RecentDrops } from '../../../collector/recent-drops.ts';
import { liveStreamRoutes } from '../../../dashboards/api/live-stream.ts';
import type { SiteScoped } from '../../../dashboards/api/site-scope.ts';
import { startTestEngine, type TestEngine } from '../../engine.ts';
import { at, putEvents } from '../reports/ask.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const NOW = at('2026-11-22 12:00');

function appWith(recentDrops: Pick<RecentDrops, 'read'>) {
  const app = new Hono<SiteScoped>();
  app.use(async (c, next) => {
    const siteId = c.req.header('x-site') ?? 'shop';
    c.set('site', { siteId, timeZone: 'UTC', currency: 'EUR', countsTests: false, firstDay: '' });
    await next();
  });
  app.route('/', liveStreamRoutes({ reader: engine.reader, recentDrops, now: () => NOW, everyMs: 20 }));
  return app;
}

test('events are told as they arrive, each once, and those of other sites are not', async () => {
  const app = appWith(createRecentDrops(() => NOW));
  const timeMs = at('2026-11-22 11:59:58');
  await putEvents(engine, 'shop', [
    { visitor: 'ann', timeMs, path: '/first' },
    { visitor: 'old', timeMs: at('2026-11-22 11:00'), path: '/old' },
  ]);
  await putEvents(engine, 'other', [{ visitor: 'eve', timeMs, path: '/other' }]);

  const answer = await app.request('/live/events');
  const told = read(answer);
  const first = await told.next();
  await engine.storage.insert('events', [
    {
      site_id: 'shop',
      event_id: '00000000-0000-4000-8000-00000000abcd',
      visitor_id: '7',
      kind: 'page_view',
      name: 'page_view',
      sent_by: 'browser',
      path: '/second',
      time: timeMs,
      received_time: timeMs + 1_000,
      is_test: true,
    },
  ]);
  const second = await told.next();
  await told.return(undefined);

  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  expect([first.value, second.value]).toMatchObject([
    {
      is: 'event',
      path: '/first',
      kind: 'page_view',
      is_test: false,
      visitor: expect.stringMatching(/^[0-9a-f]{8}$/),
    },
    { is: 'event', path: '/second', is_test: true },
  ]);
});

test('what was dropped stands beside it with its reason, and what a bot sent is told as dropped too', async () => {
  const drops = createRecentDrops(() => NOW);
  drops.note('robots', [{ reason: 'policy', message: 'Not this path', sent: { kind: 'page_view' } }]);
  drops.note('other', [{ reason: 'policy', message: 'Of another site' }]);
  await putEvents(engine, 'robots', [{ visitor: 'bot', timeMs: NOW - 2_000, path: '/bot', isBot: true }]);

  const told = read(await appWith(drops).request('/live/events', { headers: { 'x-site': 'robots' } }));
  const bot = await told.next();
  const early = await told.next();
  drops.note('robots', [{ reason: 'malformed', message: 'Expected another', events: 3 }]);
  const late = await told.next();
  await told.return(undefined);

  expect([bot.value, early.value, late.value]).toMatchObject([
    { is: 'drop', reason: 'bot', path: '/bot', kind: 'page_view', dropped_ms: expect.any(Number) },
    { is: 'drop', reason: 'policy', message: 'Not this path', kind: 'page_view', events: 1 },
    { is: 'drop', reason: 'malformed', events: 3, kind: '' },
  ]);
});

async function* read(answer: Response): AsyncGenerator<unknown, undefined, undefined> {
  let rest = '';
  for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const messages = (rest + chunk).split('\n\n');
    rest = messages.pop() ?? '';
    for (const message of messages) {
      const data = /^data: (.*)$/m.exec(message)?.[1];
      if (data) yield { is: /^event: (.*)$/m.exec(message)?.[1], ...JSON.parse(data) };
    }
  }
  return undefined;
}
