import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { html, openSite } from '../site.ts';

const visiting = openSite({
  '/': html('<p style="height:3000px">Long</p>'),
  '/short': html('<p>Short</p>'),
  '/growing': html('<p style="height:1000px">Grows</p>'),
  '/frame': html('<iframe src="/framed" style="width:300px;height:200px"></iframe>'),
  '/framed': '<!doctype html><input autofocus>',
  '/tabs': html(
    `<p style="height:3000px">Long</p>
    <script>
      const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
      const hideFor = async (ms) => {
        const tab = open('/tab');
        await wait(ms);
        tab.close();
        await wait(300);
      };
      addEventListener('load', async () => {
        await wait(500);
        await hideFor(2000);
        await hideFor(500); // less than three seconds since, and no deeper: nothing leaves
        scrollTo(0, 3000);
        await wait(300);
        await hideFor(500);
        footfall.track('Done', { at: performance.now() });
      });
    </script>`,
  ),
  '/tab': '<!doctype html>Another tab',
});

/** The page's own clock: milliseconds since it was opened. */
const now = (page: Page) => page.evaluate(() => performance.now());

test.concurrent(
  'leaving sends the engaged time and how deep the page was scrolled, once',
  visiting(async ({ page, url, of, until, quiet }) => {
    const openedAt = Date.now();
    await page.goto(`${url}/`);
    await until(() => expect(of('page_view')).toHaveLength(1));
    const seenAt = await now(page);
    await page.mouse.wheel(0, 800);
    await page.waitForFunction(() => scrollY >= 800);
    const leftAt = await now(page);
    await page.goto('about:blank');
    await until(() => expect(of('engagement')).toHaveLength(1));
    await quiet();

    const [engagement] = of('engagement');
    expect(of('engagement')).toHaveLength(1);
    expect(engagement?.engagedMs).toBeGreaterThanOrEqual(Math.floor(leftAt - seenAt));
    expect(engagement?.engagedMs).toBeLessThan(Date.now() - openedAt);
    // (800 + 720 of the window) of 3,000 and the body's margins
    expect(engagement?.scrollPercent).toBe(50);
  }),
);

test.concurrent(
  'a page that fits the window has been seen whole',
  visiting(async ({ page, url, of, until }) => {
    await page.goto(`${url}/short`);
    await until(() => expect(of('page_view')).toHaveLength(1));
    await page.goto('about:blank');
    await until(() => expect(of('engagement')).toHaveLength(1));

    expect(of('engagement')[0]?.scrollPercent).toBe(100);
  }),
);

test.concurrent(
  'depth is measured against what the page has grown to',
  visiting(async ({ page, url, of, until }) => {
    await page.goto(`${url}/growing`);
    await until(() => expect(of('page_view')).toHaveLength(1));
    await page.evaluate(() => {
      document.body.insertAdjacentHTML('beforeend', '<p style="height:2500px">Loaded lazily</p>');
      return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50)));
    });
    await page.goto('about:blank');
    await until(() => expect(of('engagement')).toHaveLength(1));

    expect(of('engagement')[0]?.scrollPercent).toBeLessThan(25);
  }),
);

test.concurrent(
  'a page left before the lazy file is there loses how deep it was scrolled, and nothing of its time',
  visiting(async ({ page, url, of, until, quiet, withhold }) => {
    withhold('footfall-later.js');
    await page.goto(`${url}/`);
    await until(() => expect(of('page_view')).toHaveLength(1));
    const seenAt = await now(page);
    await page.mouse.wheel(0, 800);
    await page.waitForFunction(() => scrollY >= 800);
    const leftAt = await now(page);
    await page.goto('about:blank');
    await until(() => expect(of('engagement')).toHaveLength(1));
    await quiet();

    expect(of('engagement')).toHaveLength(1);
    expect(of('engagement')[0]?.scrollPercent).toBe(0);
    expect(of('engagement')[0]?.engagedMs).toBeGreaterThanOrEqual(Math.floor(leftAt - seenAt));
  }),
);

test.concurrent(
  'the depth of a page is not measured against the next one of a single-page application',
  visiting(async ({ page, url, of, until, started }) => {
    await page.goto(`${url}/`);
    await started('later');
    await page.evaluate(async () => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      scrollTo(0, 800);
      await frame();
      await frame();
      history.pushState({}, '', '/short');
      document.querySelector('p')?.remove();
    });
    await until(() => expect(of('page_view')).toHaveLength(2));
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    await page.goto('about:blank');
    await until(() => expect(of('engagement')).toHaveLength(2));

    expect(of('engagement').map(({ scrollPercent }) => scrollPercent)).toEqual([50, 100]);
  }),
);

// Real tabs, one before the other: under a debugger no page is ever hidden.
test.concurrent(
  'a hidden page sends at once, does not count, and sends again only for three seconds more or a deeper scroll',
  visiting.bare('/tabs', async ({ of, until }) => {
    await until(() => expect(of('custom')).toHaveLength(1));

    const [first, ...later] = of('engagement');
    expect(first?.scrollPercent).toBeLessThan(50);
    expect(first?.engagedMs).toBeGreaterThan(0);
    expect(later.at(-1)?.scrollPercent).toBe(100);
    // One alone, unless the machine was so slow that a stretch in front took three seconds.
    let before = first;
    for (const event of later) {
      if (event.engagedMs < 3_000) expect(event.scrollPercent).toBeGreaterThan(before?.scrollPercent ?? 100);
      before = event;
    }
    const engagedMs = of('engagement').reduce((sum, event) => sum + event.engagedMs, 0);
    const [done] = of('custom');
    expect(engagedMs, 'three seconds lay behind another tab').toBeLessThan(
      Number(done?.properties?.at) - 3_000,
    );
  }),
);

test.concurrent(
  'a frame in focus counts as focus',
  visiting(async ({ page, url, of, until }) => {
    await page.goto(`${url}/frame`);
    await until(() => expect(of('page_view')).toHaveLength(1));
    await page.frameLocator('iframe').locator('input').click();
    await page.waitForFunction(() => document.activeElement?.tagName === 'IFRAME');
    const focusedAt = await now(page);
    // As long again: so much cannot have been engaged before the frame had the focus.
    await page.waitForFunction((at) => performance.now() > 2 * at, focusedAt);
    await page.goto('about:blank');
    await until(() => expect(of('engagement')).toHaveLength(1));

    expect(of('engagement')[0]?.engagedMs).toBeGreaterThan(focusedAt);
  }),
);
