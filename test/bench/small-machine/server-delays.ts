/**
 * Loaded into the server: what a 202 waits for. The event loop's delay is Node's own work and the CPU's; a thread's, in
 * which the file system is called, is the CPU's and the other threads'; a sync's beyond it is the disk's.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { createHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

const EVERY_MS = 20;
const loop = monitorEventLoopDelay({ resolution: 5 });
loop.enable();
const threads = createHistogram();
const syncs = createHistogram();

type Sync = (file: number, done: fs.NoParamCallback) => void;

function timed(sync: Sync): Sync {
  return (file, done) => {
    const startedAt = performance.now();
    sync(file, (error) => {
      record(syncs, startedAt);
      done(error);
    });
  };
}

function record(histogram: typeof syncs, startedAt: number): void {
  histogram.record(Math.max(1, Math.round((performance.now() - startedAt) * 1e6)));
}

fs.fdatasync = Object.assign(timed(fs.fdatasync), { __promisify__: fs.fdatasync.__promisify__ });
syncBuiltinESMExports();
setInterval(() => {
  const startedAt = performance.now();
  fs.stat('/', () => record(threads, startedAt));
}, EVERY_MS).unref();

// The first signal begins the measurement, the second ends it.
let isMeasuring = false;
process.on('SIGUSR2', () => {
  isMeasuring = !isMeasuring;
  for (const [name, delay] of Object.entries({ 'event loop': loop, thread: threads, fdatasync: syncs })) {
    const [median, p99, most] = [delay.percentile(50), delay.percentile(99), delay.max];
    const milliseconds = [median, p99, most].map((nanoseconds) => `${Math.round(nanoseconds / 1e6)} ms`);
    if (isMeasuring) delay.reset();
    else console.error(`${name}: ${milliseconds.join(', ')} (median, 99 %, most)`);
  }
});
