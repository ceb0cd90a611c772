/** Makes the sample site, tells its truth, sends its visits through the collector's door, and holds the reports to it. */
import { randomBytes, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { toSecretHash } from '../../collector/keys.ts';
import type { Storage } from '../../collector/storage/storage.ts';
import { addShopAnalysis } from '../../snippet/demo/analysis.ts';
import { type Comparison, compare } from './compare.ts';
import { type Plan, type PlanOptions, planSample } from './plan.ts';
import { requestsOf } from './requests.ts';
import { sendAll } from './send.ts';
import { countTruth, type Truth } from './truth.ts';

export type SampleOptions = PlanOptions & {
  storage: Storage;
  /** Address of the running server. */
  url: string;
  siteId: string;
  /** Where the truth is written before anything is sent. */
  truthFile: string;
  onProgress?: (events: number, ofAll: number) => void;
};

export type Sample = { truth: Truth; comparisons: Comparison[] };

const HOUR_MS = 3_600_000;

export async function runSample(options: SampleOptions): Promise<Sample> {
  const plan = planSample(options);
  const truth = countTruth(plan);
  writeFileSync(options.truthFile, `${JSON.stringify(truth, null, 2)}\n`);
  await createSampleSite(options.storage, options.siteId);
  await addShopAnalysis(options.storage, options.siteId, '');
  const secret = await lendKey(options.storage, options.siteId);
  await send(plan, truth, secret, options);
  await waitUntilStored(truth.events, options);
  return { truth, comparisons: await compare(plan, truth, { ...options, secret }) };
}

async function createSampleSite(storage: Storage, siteId: string): Promise<void> {
  await storage.insert('sites', [
    {
      site_id: siteId,
      name: 'Gangway (sample)',
      time_zone: 'Europe/Berlin',
      currency: 'EUR',
      is_sample: true,
      settings: '{}',
    },
  ]);
}

/** A key for an hour, in the owner's name, that may bring this site's past and read its reports. */
async function lendKey(storage: Storage, siteId: string): Promise<string> {
  const secret = `ffk_${randomBytes(24).toString('base64url')}`;
  const { rows } = await storage.query<{ user_id: string }>(
    "SELECT toString(user_id) AS user_id FROM users FINAL WHERE role = 'owner' AND NOT is_deleted LIMIT 1",
  );
  await storage.insert('credentials', [
    {
      secret_hash: toSecretHash(secret),
      kind: 'api_key',
      user_id: rows[0]?.user_id ?? randomUUID(),
      site_id: siteId,
      scopes: ['import', 'read'],
      label: 'npm run sample',
      expires_time: Date.now() + HOUR_MS,
    },
  ]);
  return secret;
}

async function send(plan: Plan, truth: Truth, secret: string, options: SampleOptions): Promise<void> {
  const batches = requestsOf(plan, options.siteId, Date.now());
  await sendAll(batches, {
    url: options.url,
    secret,
    onProgress: (events) => options.onProgress?.(Math.min(events, truth.events), truth.events),
  });
}

/** Repeats are dropped on the way, so the table holds each event once. */
async function waitUntilStored(events: number, { storage, siteId }: SampleOptions): Promise<void> {
  const deadline = Date.now() + 120_000;
  let stored = -1;
  while (stored !== events) {
    const { rows } = await storage.query<{ stored: number }>(
      'SELECT count() AS stored FROM events WHERE site_id = {site:String}',
      { parameters: { site: siteId } },
    );
    stored = rows[0]?.stored ?? 0;
    if (stored > events || Date.now() > deadline) {
      throw new Error(`Expected ${events} events to be stored, found ${stored}`);
    }
    await new Promise((resume) => setTimeout(resume, 100));
  }
}
