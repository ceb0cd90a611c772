import { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { liveStreamRoutes } from '../../../dashboards/api/live-stream.ts';
import type { SiteScoped } from '../../../dashboards/api/site-scope.ts';
import { startTestEngine, type TestEngine } from '../../engine.ts';
import { at, putEvents } from '../reports/ask.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

test('events are told as they arrive, each once, and those of other sites and of bots are not', async () => {
  const app = new Hono<SiteScoped>();
  app.use(async (c, next) => {
    c.set('site', { siteId: 'shop', timeZone: 'UTC', currency: 'EUR', countsTests: false, firstDay: '' });
    await next();
  });
  app.route('/', liveStreamRoutes({ reader: engine.reader, now: () => at('2026-11-22 12:00'), everyMs: 20 }));
  const timeMs = at('2026-11-22 11:59:58');
  await putEvents(engine, 'shop', [
    { visitor: 'ann', timeMs, path: '/first' },
    { visitor: 'bot', timeMs, path: '/bot', isBot: true },
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
    { path: '/first', kind: 'page_view', is_test: false, visitor: expect.stringMatching(/^[0-9a-f]{8}$/) },
    { path: '/second', is_test: true },
  ]);
});

async function* read(answer: Response): AsyncGenerator<unknown, undefined, undefined> {
  let rest = '';
  for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const messages = (rest + chunk).split('\n\n');
    rest = messages.pop() ?? '';
    for (const message of messages) {
      const data = /^data: (.*)$/m.exec(message)?.[1];
      if (data) yield JSON.parse(data);
    }
  }
  return undefined;
}
