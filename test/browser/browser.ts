/** Starts the one real Chromium that a test file shares. Which one: FOOTFALL_BROWSER, Playwright's own, the system's. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright';

const SYSTEM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Where the browser lies. Throws if there is none: a browser test that finds no browser has failed. */
export function findBrowser(): string {
  const found = [process.env.FOOTFALL_BROWSER, chromium.executablePath(), ...SYSTEM].find(
    (path) => path && existsSync(path),
  );
  if (!found) throw new Error('No Chromium found: install one, or name it in FOOTFALL_BROWSER');
  return found;
}

/**
 * Root needs `--no-sandbox`; Playwright switches the back-forward cache off unless told; Debian's launcher has pages
 * painted by the graphics card, which without one takes a third more processor time.
 */
export function launchBrowser(args: string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: findBrowser(),
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-gpu-rasterization', ...args],
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  });
}
