/** A quarter by the hour: thousands of intervals, and more events than the engine may hold against each of them. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { conversion } from '../../../dashboards/reports/conversion/report.ts';
import { dataQuality } from '../../../dashboards/reports/data-quality/report.ts';
import { explore } from '../../../dashboards/reports/explore/report.ts';
import { overview } from '../../../dashboards/reports/overview/report.ts';
import { startTestEngine, type TestEngine } from '../../engine.ts';
import { askReport, at } from './ask.ts';

let engine: TestEngine;
const asked = { nowMs: at('2026-12-31 12:00') };
const period = { from: '2026-08-03', to: '2026-10-31' };
const HOURS = 90 * 24;
const EVENTS = 80_000;

beforeAll(async () => {
  engine = await startTestEngine();
  await engine.storage.command(
    `INSERT INTO events (site_id, time, visitor_id, event_id, kind, name, path)
     SELECT 'shop', fromUnixTimestamp64Milli({from:Int64} + (number % 2000) * 3600000 + 1800000, 'UTC'), number, generateUUIDv4(),
       'page_view', 'page_view', '/'
     FROM numbers({events:UInt64})`,
    { parameters: { from: at('2026-08-03 00:00'), events: EVENTS } },
  );
});
afterAll(() => engine?.stop());

/** In each of the first 2,000 hours forty, in the others nobody. */
const FORTIES = Array.from({ length: HOURS }, (_, hour) => (hour < 2_000 ? 40 : 0));

test('overview', async () => {
  const { rows, totals } = await askReport(engine, 'shop', overview, { period, interval: 'hour' }, asked);

  expect(totals).toMatchObject({ visitors: EVENTS, sessions: EVENTS });
  expect(rows.map((row) => row.visitors)).toEqual(FORTIES);
});

test('conversion', async () => {
  const goal = { event: 'page_view' };
  const { rows } = await askReport(engine, 'shop', conversion, { period, interval: 'hour', goal }, asked);

  expect(rows.map((row) => row.conversions)).toEqual(FORTIES.filter((forty) => forty > 0));
});

test('explore', async () => {
  const series = [{ event: { event: 'page_view' } }];
  const { rows } = await askReport(engine, 'shop', explore, { period, interval: 'hour', series }, asked);

  expect(rows.map((row) => row.result)).toEqual(FORTIES);
});

test('data quality', async () => {
  const { rows } = await askReport(engine, 'shop', dataQuality, { period, interval: 'hour' }, asked);

  const stored = rows.filter((row) => row.measure === 'stored').map((row) => row.events);
  expect(stored).toEqual(FORTIES.filter((forty) => forty > 0));
});

test('more intervals than an answer can tell are refused, and the field is named', async () => {
  const year = { period: { from: '2025-11-01', to: '2026-10-31' }, interval: 'hour' };

  await expect(askReport(engine, 'shop', overview, year, asked)).rejects.toMatchObject({
    name: 'ReportError',
    field: 'interval',
    message: 'Expected at most 5000 intervals, found 8760: ask for a shorter period or longer intervals',
  });
});
