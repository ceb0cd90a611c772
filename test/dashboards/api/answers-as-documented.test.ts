/** What the API document says of an answer is what comes: every column, of its type, and nothing else. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { META } from '../../../dashboards/api/openapi.ts';
import { REPORTS } from '../../../dashboards/reports/registry.ts';
import { startTestEngine, type TestEngine } from '../../engine.ts';
import { at, putEvents } from '../reports/ask.ts';
import { type Served, serveApi } from './served.ts';

let engine: TestEngine;
let served: Served;
const now = () => at('2026-11-22 12:00');

beforeAll(async () => {
  engine = await startTestEngine();
  served = await serveApi(engine, now);
  await engine.storage.insert('sites', [{ site_id: 'shop', name: 'Shop', settings: '{}' }]);
  const days = ['2026-11-20', '2026-11-21', '2026-11-22'];
  await putEvents(
    engine,
    'shop',
    days.flatMap((day) =>
      ['ann', 'ben', 'cat', 'dan', 'eve', 'fay'].flatMap((visitor, index) => [
        { visitor, timeMs: at(`${day} 11:40`), path: '/', source: 'google', country: 'DE', device: 'mobile' },
        {
          visitor,
          timeMs: at(`${day} 11:41`),
          kind: 'engagement' as const,
          name: 'engagement',
          engagedMs: 12_000,
          scrollPercent: 80,
        },
        {
          visitor,
          timeMs: at(`${day} 11:42`),
          name: 'cart',
          texts: { plan: index % 2 ? 'pro' : 'free' },
          numbers: { size: index },
        },
        {
          visitor,
          timeMs: at(`${day} 11:43`),
          kind: 'click' as const,
          name: 'click',
          extra: { target: 'a.more' },
        },
        {
          visitor,
          timeMs: at(`${day} 11:44`),
          kind: 'web_vitals' as const,
          name: 'web_vitals',
          numbers: { lcp: 1_200, cls: 0.05 },
        },
        ...(index < 3
          ? [
              {
                visitor,
                timeMs: at(`${day} 11:50`),
                name: 'buy',
                revenueCents: 1_999,
                currency: 'EUR',
                orderId: `${day} ${visitor}`,
              },
            ]
          : [{ visitor, timeMs: at(`${day} 11:51`), path: '/help' }]),
      ]),
    ),
  );
});
afterAll(() => engine?.stop());

const period = { from: '2026-11-21', to: '2026-11-22' };
const comparison = { mode: 'previous_period' };
const goal = { event: 'buy' };
const ASKED: Record<string, object[]> = {
  live: [{}],
  retention: [{ period: { from: '2026-11-20', to: '2026-11-22' }, comparison, interval: 'day' }],
  people: [{ period }],
  timeline: [{ period, person: 'ann' }],
  catalogue: [{ period }],
  breakdown: ['source', 'page', 'event', 'property:plan'].map((dimension) => ({
    period,
    comparison,
    dimension,
    goal,
  })),
  conversion: [{ goal }, { goal, dimension: 'source' }, { goal, interval: 'day' }].map((one) => ({
    period,
    comparison,
    ...one,
  })),
  attribution: [{ period, comparison, goal }],
  explore: [
    {
      period,
      comparison,
      interval: 'day',
      series: [{ event: goal, metric: 'sum', property: 'revenue' }, { event: { event: 'cart' } }],
      ratio: { of: 1, to: 2 },
    },
  ],
  funnel: [
    {
      period,
      comparison,
      steps: [{ page: { match: 'exact', path: '/' } }, { event: 'cart' }, goal],
      breakdown: { property: 'source' },
      trend: { interval: 'day' },
      people: { step: 2, outcome: 'dropped' },
      next: { step: 2 },
      separators: {},
    },
  ],
};

const REPORTS_BY_NAME = REPORTS.map((report) => [report.name, report] as const);

test.each(REPORTS_BY_NAME)('%s', async (name, report) => {
  const ofAnn = await personOf('ann');
  for (const asked of ASKED[name] ?? [{ period, comparison }]) {
    const answer = await served.app.request(`/api/sites/shop/reports/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...served.signedIn.viewer },
      body: JSON.stringify({ ...asked, ...('person' in asked && { person: ofAnn }) }),
    });
    const told = await answer.json();
    expect([answer.status, told.error]).toEqual([200, undefined]);

    const {
      rows,
      totals,
      compared_rows: comparedRows,
      compared_totals: comparedTotals,
      meta,
      ...parts
    } = told;
    expect(rows.length + (totals ? 1 : 0), 'rows to look at').toBeGreaterThan(0);
    const row = strictly(report.row);
    for (const one of [...rows, ...(comparedRows ?? []), totals, comparedTotals].filter(
      (one) => one !== undefined,
    ))
      expect(row.safeParse(one).error?.issues ?? [], JSON.stringify(one)).toEqual([]);
    for (const [part, value] of Object.entries(parts))
      expect(strictly(report.parts?.[part] ?? z.never()).safeParse(value).error?.issues ?? [], part).toEqual(
        [],
      );
    const known = Object.keys(META.properties);
    expect(Object.keys(meta).filter((field) => !known.includes(field))).toEqual([]);
    expect(
      Object.keys(meta.definitions).filter((column) => !(column in { ...(rows[0] ?? totals), ...parts })),
    ).toEqual([]);
  }
});

test('as CSV a conversion that nothing divides is one row; sums of prices are prices', async () => {
  const told = async (report: string, asked: object, accept: string) => {
    const answer = await served.app.request(`/api/sites/shop/reports/${report}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, ...served.signedIn.viewer },
      body: JSON.stringify({ period, goal, ...asked }),
    });
    return answer.text();
  };

  // Six people on two days, each a person: three buy on each, the same three.
  expect((await told('conversion', {}, 'text/csv')).split('\r\n')[1]).toMatch(
    /^,6,3,0.5,.*119.94 EUR,19.99 EUR$/,
  );
  expect(
    (await told('breakdown', { dimension: 'source', search: 'nobody' }, 'text/csv')).split('\r\n')[1],
  ).toBe('');
  const { rows } = JSON.parse(await told('attribution', { model: 'linear' }, 'application/json'));
  expect(rows).toMatchObject([{ value: 'google', revenue: [{ currency: 'EUR', amount: 119.94 }] }]);
});

async function personOf(visitor: string): Promise<string> {
  const { rows } = await engine.storage.query<{ id: string }>(
    "SELECT toString(visitor_id) AS id FROM events WHERE site_id = 'shop' AND anonymous_id = {visitor:String} LIMIT 1",
    { parameters: { visitor } },
  );
  return rows[0]?.id ?? '';
}

/** The same shape, of which nothing may be wanting or too much, however deep. */
function strictly(shape: z.ZodType): z.ZodType {
  if (shape instanceof z.ZodObject)
    return z.strictObject(
      Object.fromEntries(
        Object.entries(shape.shape).map(([key, inner]) => [key, strictly(inner as z.ZodType)]),
      ),
    );
  if (shape instanceof z.ZodArray) return z.array(strictly(shape.element as z.ZodType));
  return shape;
}
