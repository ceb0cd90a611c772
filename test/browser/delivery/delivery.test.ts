import { expect, test } from 'vitest';
import { html, openSite, type Visit } from '../site.ts';

const visiting = openSite({
  '/': html(),
  '/next': html(),
  '/foreign': ({ otherUrl }) =>
    `<!doctype html><title>Far</title><script defer src="${otherUrl}/footfall.js" data-site="shop"></script>`,
});

const ready = async ({ page, url, of, until, started }: Visit) => {
  await page.goto(url);
  await until(() => expect(of('page_view')).toHaveLength(1));
  await started('later');
};

/** As `ready`, with a clock that the test can put forward, past every timer of ours. */
const readyByClock = async (visit: Visit) => {
  await visit.page.clock.install();
  await ready(visit);
  return () => visit.page.clock.fastForward(10_000);
};

const tries = ({ arrived }: Visit, name: string) =>
  arrived.filter(({ batch }) => batch.events.some((event) => event.kind === 'custom' && event.name === name));

test.concurrent(
  'a batch that the collector cannot take is tried once more, with the same ids and the time of the try',
  visiting(async (visit) => {
    await ready(visit);
    visit.answer((n) => (n === 1 ? { status: 503 } : {}));
    await visit.page.evaluate(() => footfall.track('Once'));
    await visit.until(() => expect(tries(visit, 'Once')).toHaveLength(2));
    await visit.quiet();

    const [first, second] = tries(visit, 'Once');
    expect(tries(visit, 'Once').map(({ answered }) => answered)).toEqual([503, 202]);
    expect(second?.batch.events).toEqual(first?.batch.events);
    expect(second?.batch.sentAt).toBeGreaterThanOrEqual((first?.batch.sentAt ?? 0) + 3_900);
  }),
);

test.concurrent(
  'what the collector refuses is not sent again',
  visiting(async (visit) => {
    const later = await readyByClock(visit);
    visit.answer(() => ({ status: 400 }));
    await visit.page.evaluate(() => footfall.track('Refused'));
    await visit.until(() => expect(tries(visit, 'Refused')).toHaveLength(1));
    await later();
    await visit.quiet();

    expect(tries(visit, 'Refused')).toHaveLength(1);
  }),
);

test.concurrent(
  'what failed twice goes by beacon at last, and then no more',
  visiting(async (visit) => {
    const later = await readyByClock(visit);
    visit.answer(() => ({ status: 503 }));
    await visit.page.evaluate(() => footfall.track('Hard'));
    await visit.until(() => expect(tries(visit, 'Hard')).toHaveLength(1));
    await later();
    await visit.until(() => expect(tries(visit, 'Hard')).toHaveLength(3));
    await later();
    await visit.quiet();

    expect(tries(visit, 'Hard').map(({ by }) => by)).toEqual(['fetch', 'fetch', 'beacon']);
    expect(tries(visit, 'Hard').map(({ contentType }) => contentType)).toEqual(
      Array(3).fill('text/plain;charset=UTF-8'),
    );
    expect(visit.preflights).toEqual([]);
  }),
);

test.concurrent(
  'a page without fetch is counted by beacon, once',
  visiting(async (visit) => {
    await visit.page.addInitScript(() => Object.defineProperty(window, 'fetch', { value: undefined }));
    await visit.page.goto(visit.url);
    await visit.until(() => expect(visit.of('page_view')).toHaveLength(1));
    await visit.quiet();

    expect(visit.arrived.map(({ by }) => by)).toEqual(['beacon']);
  }),
);

test.concurrent(
  'a page that is left while a batch waits for its second try makes it at once',
  visiting(async (visit) => {
    await ready(visit);
    visit.answer((n) => (n === 1 ? { status: 503 } : {}));
    await visit.page.evaluate(() => footfall.track('Waiting'));
    await visit.until(() => expect(tries(visit, 'Waiting')).toHaveLength(1));
    await visit.page.goto('about:blank');
    await visit.until(() => expect(tries(visit, 'Waiting')).toHaveLength(2));
    await visit.quiet();

    expect(tries(visit, 'Waiting').map(({ answered }) => answered)).toEqual([503, 202]);
  }),
);

test.concurrent(
  'offline, batches wait and leave when the network is back; without consent only in memory',
  visiting(async (visit) => {
    const later = await readyByClock(visit);
    const failed: string[] = [];
    visit.page.on('requestfailed', (request) => failed.push(request.method()));
    await visit.context.setOffline(true);
    await visit.page.evaluate(() => footfall.track('Offline'));
    await visit.until(() => expect(failed).toHaveLength(1));
    await later();
    await visit.until(() => expect(failed.length).toBeGreaterThanOrEqual(2));
    expect(tries(visit, 'Offline')).toHaveLength(0);
    expect(await visit.page.evaluate(() => localStorage.length)).toBe(0);
    await visit.context.setOffline(false);
    await visit.until(() => expect(tries(visit, 'Offline')).toHaveLength(1));
    await visit.quiet();

    expect(tries(visit, 'Offline')).toHaveLength(1);
  }),
);

test.concurrent(
  'where the visitor granted it, unsent batches wait on the device for the next page',
  visiting(async (visit) => {
    await ready(visit);
    await visit.page.evaluate(() => footfall.consent('granted'));
    await visit.quiet();
    visit.answer(() => ({ drop: true }));
    await visit.page.evaluate(() => footfall.track('Kept'));
    await visit.page.waitForFunction(() => localStorage.getItem('footfall-unsent'), undefined, {
      timeout: 15_000,
    });
    visit.answer(() => ({}));
    const failed = tries(visit, 'Kept')[0]?.batch.events;
    const taken = () => tries(visit, 'Kept').filter(({ answered }) => answered === 202);
    await visit.page.goto(`${visit.url}/next`);
    await visit.until(() => expect(taken()).toHaveLength(2));
    await visit.quiet();

    // Once by the page left behind, on its way out, and once by the next, which cannot know: stored once (once.test.ts).
    expect(taken().map(({ batch }) => batch.events)).toEqual([failed, failed]);
    expect(await visit.page.evaluate(() => localStorage.getItem('footfall-unsent'))).toBeNull();
  }),
);

test.concurrent(
  'many events at once leave in batches far below what a page may have under way',
  visiting(async (visit) => {
    await ready(visit);
    await visit.page.evaluate(() => {
      for (let n = 0; n < 30; n += 1)
        footfall.track(`Event ${n}`, { text: 'x'.repeat(900), other: 'y'.repeat(900) });
    });
    await visit.until(() => expect(visit.of('custom')).toHaveLength(30));

    expect(Math.max(...visit.arrived.map(({ bytes }) => bytes))).toBeLessThan(20_000);
    expect(new Set(visit.of('custom').map(({ id }) => id)).size).toBe(30);
  }),
);

test.concurrent(
  'a slow collector holds nothing up: events are sent as they come',
  visiting(async (visit) => {
    visit.answer(() => ({ delayMs: 2_000 }));
    await visit.page.goto(visit.url);
    await visit.page.evaluate(() => footfall.track('Meanwhile'));
    await visit.until(() => expect(visit.of('custom')).toHaveLength(1));

    expect(visit.of('page_view')).toHaveLength(1);
  }),
);

test.concurrent(
  'of 100 pages left 100 ms after their load, with a collector of another origin 200 ms away, at least 99 are counted',
  visiting(async (visit) => {
    const { context, url, of, until } = visit;
    const leaveTwentyFive = async (first: number) => {
      const page = await context.newPage();
      const session = await context.newCDPSession(page);
      await session.send('Network.enable');
      const far = { offline: false, latency: 200, downloadThroughput: -1, uploadThroughput: -1 };
      await session.send('Network.emulateNetworkConditions', far);
      for (let n = first; n < first + 25; n += 1) {
        await page.goto(`${url}/foreign?utm_content=${n}`, { waitUntil: 'load' });
        await page.waitForTimeout(100);
      }
      await page.goto('about:blank');
    };
    await Promise.all([0, 25, 50, 75].map(leaveTwentyFive));
    await until(() => expect(of('page_view').length).toBeGreaterThanOrEqual(99));

    expect(new Set(of('page_view').map((event) => event.url)).size).toBeGreaterThanOrEqual(99);
  }),
  180_000,
);
