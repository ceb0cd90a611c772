import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EngineSecrets, OWNER } from '../../collector/engine/settings.ts';
import { createClickHouse } from '../../collector/storage/clickhouse.ts';
import type { Storage } from '../../collector/storage/storage.ts';

/** Process id of the engine that a server runs on its data directory. */
export function enginePid(dataDirectory: string): number {
  return Number(readFileSync(join(dataDirectory, 'clickhouse/pid'), 'utf8'));
}

/** A door to a running server's engine, past the server. Reads the port off the engine's command line: Linux only. */
export function connectToEngine(dataDirectory: string): Storage {
  const directory = join(dataDirectory, 'clickhouse');
  const commandLine = readFileSync(`/proc/${enginePid(dataDirectory)}/cmdline`, 'utf8');
  const port = /--http_port=(\d+)/.exec(commandLine)?.[1];
  // Our own file.
  const secrets = JSON.parse(readFileSync(join(directory, 'secrets.json'), 'utf8')) as EngineSecrets;
  return createClickHouse({
    url: `http://127.0.0.1:${port}`,
    user: OWNER,
    password: secrets.owner,
    database: 'footfall',
    headers: { 'x-footfall-gate': secrets.gate },
  });
}

/** How often each event of the site is in `events`, once the event `last` is. Throws after half a minute without it. */
export async function readStored(
  dataDirectory: string,
  site: string,
  last: string,
): Promise<Map<string, number>> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const stored = await countEvents(dataDirectory, site).catch((error: unknown) => {
      // The engine may have been killed a moment ago.
      if (Date.now() > deadline) throw error;
    });
    if (stored?.has(last)) return stored;
    if (Date.now() > deadline)
      throw new Error(`Event ${last} is not stored half a minute after all were sent`);
    await new Promise((resume) => setTimeout(resume, 200));
  }
}

async function countEvents(dataDirectory: string, site: string): Promise<Map<string, number>> {
  const storage = connectToEngine(dataDirectory);
  try {
    const { rows } = await storage.query<{ event_id: string; times: number }>(
      `SELECT toString(event_id) AS event_id, toUInt32(count()) AS times FROM events
       WHERE site_id = {site:String} GROUP BY events.event_id`,
      { parameters: { site } },
    );
    return new Map(rows.map((row) => [row.event_id, row.times]));
  } finally {
    await storage.close();
  }
}
