import { defineConfig } from 'vitest/config';

const BROWSER = ['test/browser/**/*.test.ts', 'test/dashboards/app/*.test.ts'];
// The proxy's tests need nginx, which not every machine has: `npm run test:proxy`.
const REST = process.env.FOOTFALL_TEST_NGINX ? 'test/proxy/*.proxy.ts' : 'test/**/*.test.ts';

// Engines, servers and browsers are real processes: files run two at a time, and may take their time.
export default defineConfig({
  test: {
    projects: [
      // A page that waits for its turn on two busy cores may be late once. Nothing else gets a second try: of random
      // worlds and crashes it would hide what was found.
      { extends: true, test: { name: 'browser', include: BROWSER, retry: 1, maxConcurrency: 3 } },
      { extends: true, test: { name: 'rest', include: [REST], exclude: BROWSER } },
    ],
    // Tests of single files find the funnel's machine built, too.
    globalSetup: 'scripts/build-machine.mjs',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
  },
});
