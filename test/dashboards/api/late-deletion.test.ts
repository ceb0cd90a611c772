/** What is deleted while it is still on its way from the spool into the tables, or could come out of the spool once more. */
import { expect, test } from 'vitest';
import type { InserterOptions } from '../../../collector/insert.ts';
import { removeSite } from '../../../collector/remove-site.ts';
import { deleteEvents, deletionTest } from '../../../dashboards/api/catalogue/deletion.ts';
import { until, withEngine } from '../../collector/inserter.ts';
import { createMemoryDisk } from '../../collector/memory-disk.ts';
import { eventRow } from '../../collector/rows.ts';

const { start, countOf, storage } = withEngine();

const RECEIVED_MS = Date.UTC(2026, 10, 22, 10);
const DELETED_MS = RECEIVED_MS + 1_000;

/** One event on the staging host, an order of it, and one that nobody wants to delete. */
function eventsOf(site: string, received_time = RECEIVED_MS) {
  const facts = { site_id: site, received_time, hostname: 'a.staging.example' };
  return [
    eventRow(facts),
    eventRow({ ...facts, kind: 'custom', name: 'Buy', order_id: 'A1', revenue: '5', currency: 'EUR' }),
    eventRow({ ...facts, hostname: 'shop.example', path: '/kept' }),
  ];
}

async function deleteStaging(siteId: string): Promise<void> {
  const site = { siteId, timeZone: 'UTC', currency: 'EUR', countsTests: false, firstDay: '' };
  const period = { from: '2026-11-20', to: '2026-11-22' };
  const test = deletionTest({ hostname: '*.staging.example' });
  await deleteEvents(storage(), site, period, test, DELETED_MS);
}

async function pathsOf(site: string): Promise<string[]> {
  const { rows } = await storage().query<{ path: string }>(
    'SELECT path FROM events WHERE site_id = {site:String} ORDER BY path',
    { parameters: { site } },
  );
  return rows.map(({ path }) => path);
}

async function rowsIn(table: 'orders' | 'event_ids', site: string): Promise<number> {
  const { rows } = await storage().query<{ rows: number }>(
    `SELECT count() AS rows FROM ${table} WHERE site_id = {site:String}`,
    { parameters: { site } },
  );
  return rows[0]?.rows ?? -1;
}

/** A moment that the first batch does not go beyond until told to. */
function holdAt(step: Parameters<NonNullable<InserterOptions['onStep']>>[0]) {
  let goOn: () => void = () => undefined;
  let reached: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const isReached = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const onStep: InserterOptions['onStep'] = (at) => {
    if (at !== step) return;
    reached();
    return held;
  };
  return { onStep, isReached, goOn: () => goOn() };
}

test.each(['begun', 'events_inserted'] as const)(
  'an event that was received before it was deleted is deleted, though it is only stored after (held at "%s")',
  async (step) => {
    const site = `held-${step.replaceAll('_', '-')}`;
    const { onStep, isReached, goOn } = holdAt(step);
    const { spool, counters } = await start(createMemoryDisk(), { onStep });
    await spool.append(eventsOf(site));
    await isReached;

    await deleteStaging(site);
    goOn();
    await until(() => counters.read().get(site)?.stored === 3);

    expect(await pathsOf(site)).toEqual(['/kept']);
    expect(await rowsIn('orders', site)).toBe(0);
    // Repeats of what was deleted stay known, so that they do not bring it back.
    expect(await rowsIn('event_ids', site)).toBe(3);
  },
);

test('an event that is received after the deletion stays: it was not meant', async () => {
  const { spool, counters } = await start(createMemoryDisk());
  await deleteStaging('later');

  await spool.append(eventsOf('later', DELETED_MS + 1));
  await until(() => counters.read().get('later')?.stored === 3);

  expect(await countOf('later')).toEqual({ rows: 3, ids: 3 });
  expect(await rowsIn('orders', 'later')).toBe(1);
});

test('what was deleted does not come back when the process dies and looks through its last batch again', async () => {
  const disk = createMemoryDisk();
  const { spool, counters } = await start(disk);
  await spool.append(eventsOf('again'));
  await until(() => counters.read().get('again')?.stored === 3);
  await deleteStaging('again');
  disk.crash(() => 0);

  const after = await start(disk);
  await after.spool.append([eventRow({ site_id: 'again-last' })]);
  await until(() => after.counters.read().get('again-last')?.stored === 1);

  expect(await pathsOf('again')).toEqual(['/kept']);
  expect(await rowsIn('orders', 'again')).toBe(0);
});

test.each([
  ['before', -1_000],
  // A door knows only seconds later that the site is gone.
  ['just after', 2_000],
])('events that were received %s their site was removed go with it, with their ids', async (when, ms) => {
  const { onStep, isReached, goOn } = holdAt('begun');
  const { spool, counters } = await start(createMemoryDisk(), { onStep });
  const site = `removed-${when.replaceAll(' ', '-')}`;
  await storage().insert('sites', [{ site_id: site, name: 'Removed', settings: '{}' }]);
  await spool.append(eventsOf(site, Date.now() + ms));
  await isReached;

  await removeSite(storage(), site);
  goOn();
  await until(() => counters.read().get(site)?.stored === 3);

  expect(await countOf(site)).toEqual({ rows: 0, ids: 0 });
  expect(await rowsIn('orders', site)).toBe(0);
  expect(await rowsIn('event_ids', site)).toBe(0);
});

test('a site that is made again under the id of one that was removed keeps its events', async () => {
  const { spool, counters } = await start(createMemoryDisk());
  const site = { site_id: 'made-again', name: 'Again', settings: '{}' };
  await storage().insert('sites', [site]);
  await removeSite(storage(), site.site_id);
  await storage().insert('sites', [{ ...site, updated_time: Date.now() + 1_000 }]);

  await spool.append(eventsOf(site.site_id, Date.now() + 1_000));
  await until(() => counters.read().get(site.site_id)?.stored === 3);

  expect(await countOf(site.site_id)).toEqual({ rows: 3, ids: 3 });
});
