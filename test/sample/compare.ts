/** Asks the reports over HTTP, as an analyst would, and sets their figures beside the truth. */
import type { Plan } from './plan.ts';
import { FUNNEL_WINDOW_MS, type Truth } from './truth.ts';

export type Comparison = { what: string; expected: number; found: number };

export type Asking = { url: string; siteId: string; secret: string };

/** The parts of the answers that are compared; the reports' own tests pin their shapes. */
type Overview = {
  totals: { visitors: number; sessions: number; page_views: number; bounce_rate: number; engaged_ms: number };
};
type Conversion = { totals: { conversions: number; goal_events: number; revenue: { amount: number }[] } };
type WebVitals = { rows: { metric: string; p75: number }[] };
type Funnel = { rows: { people: number }[] };

export const FUNNEL_REQUEST = {
  steps: [
    { page: { match: 'wildcard', path: '/product/*' }, label: 'Product seen' },
    { event: 'Add to cart' },
    { page: { match: 'exact', path: '/checkout' }, label: 'Checkout' },
    { event: 'Purchase' },
  ],
  order: 'ordered',
  windowMs: FUNNEL_WINDOW_MS,
} as const;

export async function compare(plan: Plan, truth: Truth, asking: Asking): Promise<Comparison[]> {
  const period = { from: dayOf(plan.from), to: dayOf(plan.to - 1) };
  const { totals } = await ask<Overview>('overview', { period }, asking);
  const { totals: goal } = await ask<Conversion>(
    'conversion',
    { period, goal: { event: 'Purchase' } },
    asking,
  );
  const { rows: steps } = await ask<Funnel>('funnel', { period, ...FUNNEL_REQUEST }, asking);
  const { rows: vitals } = await ask<WebVitals>('web-vitals', { period }, asking);
  return [
    { what: 'visitors', expected: truth.visitors, found: totals.visitors },
    { what: 'sessions', expected: truth.sessions, found: totals.sessions },
    { what: 'page views', expected: truth.pageViews, found: totals.page_views },
    { what: 'bounces', expected: truth.bounces, found: Math.round(totals.bounce_rate * totals.sessions) },
    {
      what: 'engaged hours',
      expected: toHours(truth.engagedMs),
      found: toHours(totals.engaged_ms * totals.sessions),
    },
    { what: 'buyers', expected: truth.buyers, found: goal.conversions },
    { what: 'orders', expected: truth.orders, found: goal.goal_events },
    { what: 'revenue', expected: truth.revenue, found: goal.revenue[0]?.amount ?? 0 },
    {
      what: 'LCP in ms, p75',
      expected: Math.round(truth.lcpP75),
      found: Math.round(vitals.find(({ metric }) => metric === 'lcp')?.p75 ?? 0),
    },
    ...truth.funnel.map((people, index) => ({
      what: `funnel step ${index + 1}`,
      expected: people,
      found: steps[index]?.people ?? 0,
    })),
  ];
}

async function ask<Answer>(
  report: string,
  parameters: object,
  { url, siteId, secret }: Asking,
): Promise<Answer> {
  const answer = await fetch(`${url}/api/sites/${siteId}/reports/${report}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify(parameters),
  });
  if (!answer.ok) throw new Error(`The ${report} report answered ${answer.status}: ${await answer.text()}`);
  // See the types above.
  return (await answer.json()) as Answer;
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function toHours(ms: number): number {
  return Math.round(ms / 36_000) / 100;
}
