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
        footfall.track('Done');
      });
    </script>`,
  ),
  '/tab': '<!doctype html>Another tab',
});

test.concurrent(
  'leaving sends the engaged time and how deep the page was scrolled, once',
  visiting(async ({ page, url, of, until }) => {
    await page.goto(`${url}/`);
    await until(() => expect(of('page_view')).toHaveLength(1));
    await page.mouse.wheel(0, 800);
    await page.waitForFunction(() => scrollY >= 800);
    await page.waitForTimeout(300);
    await page.goto('about:blank');
    await until(() => expect(of('engagement')).toHaveLength(1));
    await page.waitForTimeout(300);

    const [engagement] = of('engagement');
    expect(of('engagement')).toHaveLength(1);
    expect(engagement?.engagedMs).toBeGreaterThan(250);
    expect(engagement?.engagedMs).toBeLessThan(10_000);
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

// Real tabs, one before the other: under a debugger no page is ever hidden.
test.concurrent(
  'a hidden page sends at once, does not count, and sends again only for three seconds more or a deeper scroll',
  visiting.bare('/tabs', async ({ of, until }) => {
    await until(() => expect(of('custom')).toHaveLength(1));

    const [first, second, ...more] = of('engagement');
    expect(more).toEqual([]);
    expect(first?.scrollPercent).toBeLessThan(50);
    expect(second?.scrollPercent).toBe(100);
    // Two stretches of about half a second in front, between them twice as long behind another tab.
    expect(first?.engagedMs).toBeGreaterThan(0);
    expect(second?.engagedMs).toBeLessThan(2_500);
  }),
);

test.concurrent(
  'a frame in focus counts as focus',
  visiting(async ({ page, url, of, until }) => {
    await page.goto(`${url}/frame`);
    await until(() => expect(of('page_view')).toHaveLength(1));
    await page.frameLocator('iframe').locator('input').click();
    await page.waitForFunction(() => document.activeElement?.tagName === 'IFRAME');
    await page.waitForTimeout(600);
    await page.goto('about:blank');
    await until(() => expect(of('engagement')).toHaveLength(1));

    expect(of('engagement')[0]?.engagedMs).toBeGreaterThan(550);
  }),
);
