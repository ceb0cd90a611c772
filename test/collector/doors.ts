/** The doors of a collector in a world of its own, for tests: real HTTP, real salts on disk, rows kept in memory. */
import { mkdtempSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDoors } from '../../collector/app.ts';
import { createCounters } from '../../collector/counters.ts';
import { createAddressMatcher } from '../../collector/enrich/address.ts';
import { createAgentOf } from '../../collector/enrich/agent.ts';
import { createAcquisitionOf } from '../../collector/enrich/channel.ts';
import { createPlaceOf } from '../../collector/enrich/country.ts';
import { createPageOf } from '../../collector/enrich/page-url.ts';
import { createReferrerOf } from '../../collector/enrich/referrer.ts';
import { createVisits } from '../../collector/enrich/visits.ts';
import { createLimitedServer } from '../../collector/limited-server.ts';
import type { Batch, Receipt, Refusal } from '../../collector/protocol.ts';
import { NO_RATE_LIMIT } from '../../collector/rate-limit.ts';
import { createRecentDrops } from '../../collector/recent-drops.ts';
import type { EventRow } from '../../collector/row.ts';
import { createSalts } from '../../collector/salts.ts';
import { SERVER_LIMITS } from '../../collector/server-limits.ts';
import type { SiteSettings } from '../../collector/site-settings.ts';
import { toSite } from '../../collector/sites.ts';
import type { World } from '../../collector/world.ts';
import { removeDirectory } from '../remove-directory.ts';

export const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';
export const NOON = Date.UTC(2026, 10, 22, 12);

const placeOf = createPlaceOf();

export type Answer = { status: number; headers: Headers; body: Receipt & Refusal };

/** A world that tests may change while it runs; `close` ends what it started. */
export async function openDoors(changes: Partial<World> & { settings?: Partial<SiteSettings> } = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'footfall-doors-'));
  const clock = { now: NOON };
  const rows: EventRow[] = [];
  const failures: unknown[] = [];
  const counters = createCounters();
  const recentDrops = createRecentDrops(() => clock.now);
  const { settings, ...rest } = changes;
  const site = toSite({
    site_id: 'shop',
    time_zone: 'UTC',
    currency: 'EUR',
    is_sample: false,
    settings: JSON.stringify(settings ?? {}),
  });
  const world: World = {
    now: () => clock.now,
    spool: { append: async (added) => void rows.push(...added) },
    counters,
    recentDrops,
    sites: { find: (id) => (id === 'shop' ? site : undefined) },
    keys: { find: async () => undefined },
    salts: createSalts(join(directory, 'salts'), () => clock.now),
    visits: createVisits(),
    importedVisits: createVisits(),
    agentOf: createAgentOf(),
    pageOf: createPageOf(),
    referrerOf: createReferrerOf(),
    acquisitionOf: createAcquisitionOf(),
    placeOf,
    rateLimit: NO_RATE_LIMIT,
    isTrustedProxy: createAddressMatcher(['127.0.0.1']),
    log: (_message, error) => failures.push(error),
    ...rest,
  };
  const opened = createDoors(world, (_request, response) => response.writeHead(404).end());
  const server = createLimitedServer(opened.listener, SERVER_LIMITS, () => opened.whole);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Listening on a port, so it is an AddressInfo.
  const { port } = server.address() as AddressInfo;

  /** Sends bytes or JSON to `/events` as a Chrome from the United Kingdom would. */
  async function post(
    body: unknown,
    headers: Record<string, string> = {},
    path = '/events',
  ): Promise<Answer> {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'text/plain;charset=UTF-8',
        'user-agent': CHROME,
        'accept-language': 'en-GB,en;q=0.9',
        'x-forwarded-for': '81.2.69.142',
        ...headers,
      },
      body: typeof body === 'string' || body instanceof Blob ? body : JSON.stringify(body),
    });
    // The doors answer with nothing but these two.
    const answer = (await response.json()) as Receipt & Refusal;
    return { status: response.status, headers: response.headers, body: answer };
  }

  return {
    world,
    clock,
    rows,
    failures,
    counters,
    recentDrops,
    port,
    directory,
    post,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await removeDirectory(directory);
    },
  };
}

let lastId = 0;

/** One page view, with what a test wants otherwise. */
export function pageView(changes: Record<string, unknown> = {}) {
  lastId += 1;
  return {
    kind: 'page_view' as const,
    id: `${NOON.toString(36)}0000000${String(lastId).padStart(6, '0')}`,
    at: NOON,
    url: 'https://shop.example/',
    ...changes,
  };
}

export function batch(events: readonly object[] = [pageView()], changes: Partial<Batch> = {}) {
  return { version: 1, site: 'shop', sentAt: NOON, ...changes, events };
}
