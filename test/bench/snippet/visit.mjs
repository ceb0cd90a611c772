/** One visit of a page with one script, under Chromium's own tracing, and what of it was the script's. */
import { writeFileSync } from 'node:fs';

const CLICKS = 6;
const SCROLL_FRAMES = 15;

/** Milliseconds of the main thread's own time by phase; at `throttling` × the time it really took. */
export async function visitPage(browser, url, throttling) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: throttling });
  const mark = (name) => page.evaluate((text) => void performance.mark(text), name);
  const events = await trace(session, async () => {
    // Half a second without a request: past every timer that a load starts, and the lazy files that come when it is idle.
    await page.goto(url, { waitUntil: 'networkidle' });
    for (const [selector, name] of [
      ['button', 'click'],
      ['a', 'link'],
    ]) {
      for (let n = 0; n < CLICKS; n += 1) {
        await mark(name);
        await page.click(selector, { force: true });
      }
    }
    await mark('end');
    await page.evaluate(async (frames) => {
      for (let n = 0; n < frames; n += 1) {
        performance.mark('scroll');
        await new Promise(requestAnimationFrame);
        scrollTo(0, n * 50);
      }
      await new Promise(requestAnimationFrame);
      performance.mark('end');
    }, SCROLL_FRAMES);
  });
  await context.close();
  if (process.env.DUMP) writeFileSync(process.env.DUMP, JSON.stringify(events));
  return phasesOf(events);
}

async function trace(session, action) {
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['devtools.timeline', 'blink.user_timing', 'v8'] },
  });
  await action();
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await complete;
  return events;
}

const TAG = /script\.js/;
const LAZY = /footfall-/;
const ALL = /script\.js|footfall-/;

/**
 * Counts what ran in the script's name: its evaluation (compiling included) and each call into it, with all that the
 * browser does inside the call: a fetch it sets up, a layout it forces, garbage it collects there. Not counted are the
 * browser's own work around it (hit test, dispatch, painting), the page's, and the bench's.
 */
function phasesOf(events) {
  const marks = events
    .filter(({ cat, ph }) => cat.includes('user_timing') && ph !== 'E')
    .filter(({ name }) => ['click', 'link', 'scroll', 'end'].includes(name))
    .sort((one, other) => one.ts - other.ts);
  const calls = outermost(events);
  const timesOf = (script, names, from = 0, to = Infinity) =>
    calls
      .filter(({ name, ts, told }) => names.includes(name) && ts >= from && ts < to && script.test(told))
      .map(({ tdur = 0 }) => tdur / 1_000);
  const perMark = (name) =>
    marks.flatMap((mark, n) =>
      mark.name === name ? [sum(timesOf(ALL, ['FunctionCall'], mark.ts, marks[n + 1]?.ts))] : [],
    );

  const started = timesOf(TAG, ['FunctionCall'], 0, marks[0]?.ts);
  const [firstClick = 0, ...clicks] = perMark('click');
  return {
    evaluation: sum(timesOf(TAG, ['EvaluateScript'])),
    start: sum(started),
    'longest task of it': Math.max(0, ...started),
    'first click': firstClick,
    click: median(clicks),
    'link click': median(perMark('link')),
    'scroll frame': median(perMark('scroll')),
    'lazy files': sum(
      timesOf(LAZY, ['v8.compileModule', 'v8.evaluateModule', 'FunctionCall'], 0, marks[0]?.ts),
    ),
  };
}

/** Of events within each other the outermost that name a script: none counts twice. */
function outermost(events) {
  const named = events
    .filter(({ ph }) => ph === 'X')
    .map((event) => ({ ...event, told: JSON.stringify(event.args) }))
    .filter(
      ({ name, told }) =>
        /^(EvaluateScript|FunctionCall|v8\.(compile|evaluate)Module)$/.test(name) &&
        (TAG.test(told) || LAZY.test(told)),
    )
    .sort((one, other) => one.ts - other.ts || other.dur - one.dur);
  const found = [];
  for (const event of named) {
    const last = found.at(-1);
    if (!last || event.ts >= last.ts + last.dur) found.push(event);
  }
  return found;
}

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

export function median(numbers) {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;
}
