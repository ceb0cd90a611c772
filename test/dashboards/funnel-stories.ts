/** Funnels over stories small enough to count by hand, each on a site of its own in one real engine. */
import { afterAll, beforeAll } from 'vitest';
import type { FunnelAnswer } from '../../dashboards/reports/funnel/answer.ts';
import { findReport } from '../../dashboards/reports/registry.ts';
import { startTestEngine, type TestEngine } from '../engine.ts';
import type { WorldEvent } from './oracle/world.ts';
import { at, putEvents } from './reports/ask.ts';

let engine: TestEngine;

/** To be called once at the top of a test file. */
export function withEngine(): void {
  beforeAll(async () => {
    engine = await startTestEngine();
  });
  afterAll(() => engine?.stop());
}

let sites = 0;
export const DAY = { period: { from: '2026-11-02', to: '2026-11-02' } };
export const SHOP = {
  ...DAY,
  steps: [{ page: { match: 'exact', path: '/' } }, { event: 'cart' }, { event: 'buy' }],
};

/** "10:00" or "10:00:00.001" on the funnel's day. */
export const time = (text: string) => Date.parse(`2026-11-02T${text.length === 5 ? `${text}:00` : text}Z`);

export async function funnelOf(
  events: readonly Partial<WorldEvent>[],
  asked: object,
  nowMs = at('2026-12-20 12:00'),
): Promise<FunnelAnswer> {
  const siteId = `site-${++sites}`;
  await putEvents(engine, siteId, events);
  const site = { siteId, timeZone: 'UTC', currency: 'EUR', countsTests: false, firstDay: '2026-11-01' };
  const answer = await findReport('funnel')?.answer(asked, site, { reader: engine.reader, nowMs });
  return answer as unknown as FunnelAnswer; // The registry knows answers as rows and meta; this one says more.
}

export const people = ({ rows }: FunnelAnswer) => rows.map((row) => row.people);

/** `visitor`, then what they did and when, as `10:00 name` or `10:00 /path`. */
export function story(visitor: string, ...deeds: string[]): Partial<WorldEvent>[] {
  return deeds.map((deed) => {
    const [when = '', what = ''] = deed.split(' ');
    const event = { visitor, timeMs: time(when) };
    return what.startsWith('/') ? { ...event, path: what } : { ...event, name: what };
  });
}
