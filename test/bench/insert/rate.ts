import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { createCounters } from '../../../collector/counters.ts';
import { engineAddress, startEngine } from '../../../collector/engine/engine.ts';
import { toEventId } from '../../../collector/enrich/event-id.ts';
import { startInserter } from '../../../collector/insert.ts';
import type { EventRow } from '../../../collector/row.ts';
import { applySchema } from '../../../collector/schema/apply.ts';
import { openDisk } from '../../../collector/spool/disk.ts';
import { type OpenSpool, openSpool } from '../../../collector/spool/spool.ts';
import { createClickHouse } from '../../../collector/storage/clickhouse.ts';
import { removeDirectory } from '../../remove-directory.ts';

const ROWS = Number(process.argv[2] ?? 300_000);
const BLOCK = 20_000;
const ROUNDS = Number(process.argv[3] ?? 3);

// On a real disk, not on tmpfs, where a sync costs nothing.
const directory = mkdtempSync(join(process.cwd(), '.build', 'bench-engine-'));
const engine = await startEngine({ directory: join(directory, 'clickhouse') });
const bootstrap = createClickHouse(engineAddress(engine, 'owner', 'default'));
await bootstrap.command('CREATE DATABASE bench');
await bootstrap.close();
const storage = createClickHouse(engineAddress(engine, 'owner', 'bench'));
await applySchema(storage, join(process.cwd(), 'collector/schema'));

let rowsMade = 0;

/** Page views of many visitors, as the doors write them. */
function makeRows(count: number): EventRow[] {
  return Array.from({ length: count }, () => {
    rowsMade += 1;
    const time = Date.UTC(2026, 10, 22) + rowsMade;
    const eventId = toEventId(`${time.toString(36)}${String(rowsMade).padStart(11, 'x')}`);
    const visitor = BigInt.asUintN(64, BigInt(rowsMade % 50_000) * 0x9e3779b97f4a7c15n);
    return {
      site_id: 'shop',
      time,
      visitor_id: String(visitor),
      event_id: eventId,
      kind: 'page_view',
      name: 'page_view',
      sent_by: 'browser',
      client_time: time,
      sent_time: time + 3,
      received_time: time + 40,
      page_view_id: eventId,
      session_hint: String(visitor ^ 1n),
      hostname: 'shop.example',
      path: `/products/${rowsMade % 700}`,
      query: 'utm_source=newsletter',
      title: `Product ${rowsMade % 700} – Shop`,
      referrer: 'www.google.com/',
      source: 'google',
      medium: 'organic',
      channel: 'Organic Search',
      country: ['DE', 'FR', 'US', 'GB', 'AT'][rowsMade % 5] ?? '',
      language: 'de',
      browser: 'Chrome',
      browser_version: '140',
      os: 'Windows',
      os_version: '10',
      device: 'desktop',
      screen: 'lg',
      properties: { plan: 'pro' },
      numeric_properties: { items: rowsMade % 9 },
    } satisfies EventRow;
  });
}

/** Rows per second. */
async function time(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return Math.round((ROWS / (performance.now() - started)) * 1000);
}

async function rawJson(): Promise<number> {
  const bodies: Buffer[] = [];
  for (let made = 0; made < ROWS; made += BLOCK) {
    bodies.push(
      Buffer.from(
        makeRows(BLOCK)
          .map((row) => JSON.stringify(row))
          .join('\n'),
      ),
    );
  }
  return time(async () => {
    for (const body of bodies) await storage.insertRaw('events', body);
  });
}

async function throughSpool(isShared: boolean): Promise<number> {
  const place = mkdtempSync(join(directory, 'spool-'));
  const spool = await openSpool({ disk: await openDisk(place), now: Date.now });
  for (let made = 0; made < ROWS; made += 50) await spool.append(makeRows(50));
  const counters = createCounters();
  return time(async () => {
    const inserter = startInserter({ spool, storage, isShared, counters, now: Date.now, log: console.error });
    while ((counters.read().get('shop')?.stored ?? 0) < ROWS) await pause(2);
    await inserter.stop();
  });
}

/** Two collectors before one database, each with half of the rows; every tenth row of the second came to the first too. */
async function throughTwoSpools(): Promise<number> {
  const shared: EventRow[] = [];
  const spools: OpenSpool[] = [];
  for (const which of ['first', 'second']) {
    const place = mkdtempSync(join(directory, `spool-${which}-`));
    const spool = await openSpool({ disk: await openDisk(place), now: Date.now });
    for (let made = 0; made < ROWS / 2; made += 50) {
      const rows = makeRows(50);
      if (which === 'first') shared.push(...rows.slice(0, 5));
      else rows.splice(0, 5, ...shared.splice(0, 5));
      await spool.append(rows);
    }
    spools.push(spool);
  }
  const counters = createCounters();
  const before = await countEvents();
  const settled = () => {
    const shop = counters.read().get('shop');
    return (shop?.stored ?? 0) + (shop?.dropped.duplicate ?? 0);
  };
  const rate = await time(async () => {
    const inserters = spools.map((spool) =>
      startInserter({ spool, storage, isShared: true, counters, now: Date.now, log: console.error }),
    );
    while (settled() < ROWS) await pause(2);
    await Promise.all(inserters.map((inserter) => inserter.stop()));
  });
  const after = await countEvents();
  const [rows, ids, sent] = [after.rows - before.rows, after.ids - before.ids, ROWS - ROWS / 20];
  if (rows !== sent || ids !== sent)
    throw new Error(`${rows} rows and ${ids} ids were stored of ${sent} sent`);
  return rate;
}

async function countEvents(): Promise<{ rows: number; ids: number }> {
  const { rows } = await storage.query<{ rows: number; ids: number }>(
    `SELECT count() AS rows, uniqExact(event_id) AS ids FROM events WHERE hostname = 'shop.example'`,
  );
  return rows[0] ?? { rows: 0, ids: 0 };
}

/** ClickHouse itself writes the rows in the other format, and then reads them. */
async function rawBinary(format: 'RowBinary' | 'Native'): Promise<number> {
  const bodies: Buffer[] = [];
  for (let from = 0; from < ROWS; from += BLOCK) {
    const stream = await storage.stream(`SELECT * FROM events LIMIT ${BLOCK} OFFSET ${from}`, { format });
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(Buffer.from(part));
    bodies.push(Buffer.concat(parts));
  }
  return time(async () => {
    for (const body of bodies) await storage.insertRaw('events', body, { format });
  });
}

const percent = (share: number) => `${Math.round(share * 100)} %`;
const pause = (ms: number) => new Promise((resume) => setTimeout(resume, ms));

try {
  await rawJson(); // Warms the engine up.
  const rounds: { raw: number; spool: number; claimed: number; two: number }[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const raw = await rawJson();
    const spool = await throughSpool(false);
    const claimed = await throughSpool(true);
    const two = await throughTwoSpools();
    rounds.push({ raw, spool, claimed, two });
    console.log(
      `round ${round}: raw JSONEachRow ${raw} rows/s, spool ${spool}: ${percent(spool / raw)}; with claims ${claimed}: ${percent(claimed / raw)}; two collectors ${two}: ${percent(two / claimed)} of one`,
    );
  }
  console.log(
    `raw RowBinary ${await rawBinary('RowBinary')} rows/s, raw Native ${await rawBinary('Native')} rows/s`,
  );
  const median = (ratios: number[]) => ratios.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
  console.log(
    `median: spool ${percent(median(rounds.map(({ raw, spool }) => spool / raw)))} of raw, with claims ${percent(median(rounds.map(({ raw, claimed }) => claimed / raw)))}, two collectors ${percent(median(rounds.map(({ claimed, two }) => two / claimed)))} of one with claims`,
  );
} finally {
  await storage.close();
  await engine.stop();
  await removeDirectory(directory);
}
