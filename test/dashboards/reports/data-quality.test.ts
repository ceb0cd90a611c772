import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCounters } from '../../../collector/counters.ts';
import { recordDrops } from '../../../collector/record-drops.ts';
import { dataQuality } from '../../../dashboards/reports/data-quality/report.ts';
import { startTestEngine, type TestEngine } from '../../engine.ts';
import { askReport, at, putEvents } from './ask.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const HOUR = 3_600_000;

function ask(siteId: string, parameters: object) {
  return askReport(engine, siteId, dataQuality, parameters, { nowMs: at('2026-11-22 12:00') });
}

test('stored events by what is remarkable, the others by reason, as shares of all', async () => {
  const day = at('2026-11-02 10:00');
  await putEvents(engine, 'shop', [
    { visitor: 'ann', timeMs: day, extra: { received_time: day + 100 } },
    { visitor: 'ann', timeMs: day, extra: { received_time: day + HOUR + 1, is_time_corrected: true } },
    { visitor: 'bot', timeMs: day, extra: { received_time: day, is_bot: true } },
    {
      visitor: 'ben',
      timeMs: day + 24 * HOUR,
      extra: { received_time: day + 24 * HOUR, plan_fault: 'wrong_type' },
    },
    { visitor: 'ben', timeMs: day + 48 * HOUR, extra: { received_time: day + 48 * HOUR } },
  ]);
  const counters = createCounters();
  const drops = recordDrops({ counters, storage: engine.storage, now: () => day });
  counters.drop('shop', 'malformed', 2);
  counters.drop('shop', 'duplicate', 1);
  counters.drop('blog', 'malformed', 9);
  await drops.flush();
  counters.drop('shop', 'malformed', 1);
  await drops.flush();
  await drops.close();

  const { rows } = await ask('shop', { period: { from: '2026-11-02', to: '2026-11-03' } });

  expect(rows.map(({ measure, is_stored, events, share }) => [measure, is_stored, events, share])).toEqual([
    ['stored', true, 4, 0.5],
    ['bot', true, 1, 0.125],
    ['late', true, 1, 0.125],
    ['skewed', true, 1, 0.125],
    ['unplanned', true, 1, 0.125],
    ['malformed', false, 3, 0.375],
    ['duplicate', false, 1, 0.125],
  ]);

  const byDay = await ask('shop', { period: { from: '2026-11-02', to: '2026-11-03' }, interval: 'day' });
  expect(byDay.rows.filter(({ measure }) => measure === 'stored')).toEqual([
    { interval_start: '2026-11-02 00:00:00', measure: 'stored', is_stored: true, events: 3, share: 3 / 7 },
    { interval_start: '2026-11-03 00:00:00', measure: 'stored', is_stored: true, events: 1, share: 1 },
  ]);
});

test('what could not be written is written later, once', async () => {
  let isAway = true;
  const storage = {
    insert: (...asked: Parameters<TestEngine['storage']['insert']>) =>
      isAway ? Promise.reject(new Error('no answer')) : engine.storage.insert(...asked),
  };
  const counters = createCounters();
  const drops = recordDrops({ counters, storage, now: () => at('2026-11-02 10:00') });
  counters.drop('flapping', 'policy', 5);

  await expect(drops.flush()).rejects.toThrow('no answer');
  isAway = false;
  await drops.flush();
  await drops.flush();
  await drops.close();

  const { rows } = await ask('flapping', { period: { from: '2026-11-02', to: '2026-11-02' } });
  expect(rows.map(({ measure, events }) => [measure, events])).toEqual([['policy', 5]]);
});
