/** The collector's door with the real spool, as main.ts puts them together, without the inserter. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createDoors } from '../../../collector/app.ts';
import { createCounters } from '../../../collector/counters.ts';
import { createLimitedServer } from '../../../collector/limited-server.ts';
import { openWorld } from '../../../collector/open-world.ts';
import { SERVER_LIMITS } from '../../../collector/server-limits.ts';
import { openDisk } from '../../../collector/spool/disk.ts';
import { openSpool } from '../../../collector/spool/spool.ts';
import type { QueryResult, Storage } from '../../../collector/storage/storage.ts';
import { serve } from './served.ts';

const SITE = { site_id: 'shop', time_zone: 'UTC', currency: 'EUR', is_sample: false, settings: '{}' };

// On a real disk, not on tmpfs, where a sync costs nothing.
const directory = mkdtempSync(join(process.cwd(), '.build', 'bench-spool-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));

/** Knows one site and nothing else. */
const storage = {
  query: async <Row>(sql: string): Promise<QueryResult<Row>> => {
    const rows = sql.includes('FROM sites') ? [SITE] : [];
    return { rows: rows as Row[], statistics: { elapsedMs: 0, rowsRead: 0, bytesRead: 0 } };
  },
};
const spool = await openSpool({
  disk: await openDisk(join(directory, 'spool')),
  now: Date.now,
  commitPauseMs: 3,
});
const { world } = await openWorld({
  // The doors only ever query.
  storage: storage as Storage,
  spool,
  createCounters,
  now: Date.now,
  log: (message, error) => console.error(message, error),
  dataDirectory: directory,
  trustedProxies: ['127.0.0.1'],
  eventsPerAddress: 0,
  eventsPerSite: 0,
});
const doors = createDoors(world, (_request, response) => response.writeHead(404).end());
serve(createLimitedServer(doors.listener, SERVER_LIMITS, () => doors.whole));
