import type { BrowserContext } from 'playwright';
import { afterAll, expect, test } from 'vitest';
import type { Site } from './demo-site.ts';
import { settled, sticksOutBy, violations } from './open-app.ts';

/** Each page by itself: no finding of axe in light and in dark, nothing said on the console, nothing wider than a phone. */
export function checkPages(site: () => Site, paths: readonly string[]): void {
  // One browser context for all: what the pages share is fetched and compiled once.
  let shared: BrowserContext | undefined;
  afterAll(() => shared?.close());

  test.each(paths.map((path) => [nameOf(path), path] as const))(
    '%s: axe, console and policy find nothing in light and dark, and on a phone nothing sticks out',
    async (_, path) => {
      const { page, context, complaints } = await site().open(path, { context: shared });
      shared = context;

      expect(await violations(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      // What dark can change is colours: the other rules have had their say.
      expect(await violations(page, 'colours')).toEqual([]);
      await page.setViewportSize({ width: 390, height: 3_000 });
      await settled(page);
      expect(await sticksOutBy(page)).toBe(0);
      expect(complaints).toEqual([]);
      await page.close();
    },
  );
}

/** Without the definitions, which would fill a line. */
const nameOf = (path: string) =>
  decodeURIComponent(path).replace(/&(explore|draft)=.*|&?funnel=\{.*?\}\]\}/, '');
