/** A signed-in browser on the running app, for the specs of its pages. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page } from 'playwright';
import type { TestServer } from '../../server.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export type Look = {
  colorScheme?: 'light' | 'dark';
  width?: number;
  height?: number;
  locale?: string;
  /** Without a graphics card every frame of an animation costs as much as a report: nothing moves unless asked. */
  reducedMotion?: 'reduce' | 'no-preference';
  /** An earlier one of the same look, to open another page in it. */
  context?: BrowserContext | undefined;
};
/** `complaints`: all that the console and the security policy said. */
export type Opened = { page: Page; context: BrowserContext; complaints: string[] };

/** Opens paths of one site, in a window so tall that all panels are near, unless told. Resolves once nothing is busy. */
export function createOpen(
  world: () => { server: TestServer; browser: Browser; cookie: string },
  site: string,
) {
  return async (path: string, look: Look = {}): Promise<Opened> => {
    const { server, browser, cookie } = world();
    const {
      colorScheme = 'light',
      width = 1280,
      height = 3_000,
      locale = 'en-GB',
      reducedMotion = 'reduce',
    } = look;
    const viewport = { width, height };
    const context =
      look.context ?? (await browser.newContext({ colorScheme, locale, reducedMotion, viewport }));
    const [name = '', value = ''] = cookie.split('=');
    await context.addCookies([{ name, value, url: server.url }]);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(`${server.url}/sites/${site}${path}`);
    await page.locator('main').waitFor();
    await settled(page);
    return { page, context, complaints };
  };
}

/** Ten reports on two busy cores. */
const PATIENCE_MS = 90_000;

/** Nothing is on its way any more. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"], .skeleton'), undefined, {
    timeout: PATIENCE_MS,
  });
}

/** What axe finds, with the elements it finds it in; by all its rules, or by those about colours alone. */
export async function violations(page: Page, by: 'all' | 'colours' = 'all'): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  return page.evaluate(
    async (rules) => {
      // The script above has put it there.
      const { axe } = window as unknown as { axe: typeof import('axe-core') };
      const { violations: found } = await axe.run(
        rules.length > 0 ? { runOnly: { type: 'rule', values: rules } } : {},
      );
      return found.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`);
    },
    by === 'colours' ? ['color-contrast', 'link-in-text-block'] : [],
  );
}

/** How many pixels of the page lie beside the window. */
export function sticksOutBy(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
