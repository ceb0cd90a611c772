/**
 * The other browsers' engines, where this machine has them: Firefox as the distribution ships it, driven by WebDriver
 * BiDi; WebKit as Playwright brings it. Named by what a visitor of a page can do in either.
 */
import { existsSync } from 'node:fs';
import { webkit } from 'playwright';
import puppeteer from 'puppeteer-core';

/** One tab. */
export type Tab = {
  goto(url: string): Promise<unknown>;
  /** Runs a line of script in the page. */
  run(script: string): Promise<unknown>;
  click(selector: string): Promise<unknown>;
  close(): Promise<unknown>;
};

export type Engine = { open(): Promise<Tab>; close(): Promise<unknown> };

const FIREFOX = [process.env.FOOTFALL_FIREFOX, '/usr/bin/firefox-esr', '/usr/bin/firefox'];

const firefoxPath = FIREFOX.find((path) => path && existsSync(path));
const webkitPath = existsSync(webkit.executablePath()) ? webkit.executablePath() : undefined;

/** Each engine, and why it is not there if it is not. */
export const ENGINES = [
  {
    name: 'Firefox',
    missing: firefoxPath ? '' : 'no firefox-esr or firefox in /usr/bin, nor named in FOOTFALL_FIREFOX',
    launch: () => launchFirefox(firefoxPath ?? ''),
  },
  {
    name: 'WebKit',
    missing: webkitPath ? '' : 'Playwright has not installed one',
    launch: launchWebKit,
  },
];

async function launchFirefox(executablePath: string): Promise<Engine> {
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath, headless: true });
  return {
    close: () => browser.close(),
    async open() {
      const context = await browser.createBrowserContext();
      const page = await context.newPage();
      return {
        goto: (url) => page.goto(url),
        run: (script) => page.evaluate(script),
        click: (selector) => page.click(selector),
        close: () => context.close(),
      };
    },
  };
}

async function launchWebKit(): Promise<Engine> {
  const browser = await webkit.launch();
  return {
    close: () => browser.close(),
    async open() {
      const context = await browser.newContext();
      const page = await context.newPage();
      return {
        goto: (url) => page.goto(url),
        run: (script) => page.evaluate(script),
        click: (selector) => page.click(selector),
        close: () => context.close(),
      };
    },
  };
}
