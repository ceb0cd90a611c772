import { defineConfig } from 'vitest/config';

// Engines, servers and browsers are real processes: files run two at a time, and may take their time.
export default defineConfig({
  test: {
    // The proxy's tests need nginx, which not every machine has: `npm run test:proxy`.
    include: [process.env.FOOTFALL_TEST_NGINX ? 'test/proxy/*.proxy.ts' : 'test/**/*.test.ts'],
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
  },
});
