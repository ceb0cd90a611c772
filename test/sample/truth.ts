/**
 * What the reports must say about the sample, counted from the plan alone: by people and visits, before anything is
 * sent. A cookieless person is somebody new on each UTC day (the product's definition), a lasting one is one person.
 */
import { type Act, actsOf } from './acts.ts';
import { DAY_MS, type Person, type Plan, type Visit } from './plan.ts';

export type Truth = {
  visitors: number;
  sessions: number;
  pageViews: number;
  bounces: number;
  engagedMs: number;
  buyers: number;
  orders: number;
  /** In euros, to the cent. */
  revenue: number;
  /** Persons who reached each of FUNNEL_STEPS. */
  funnel: number[];
  /** In ms: three quarters of the page views that measured LCP were at least as fast. */
  lcpP75: number;
  /** All that is stored, of whatever kind. */
  events: number;
};

/** The funnel that the sample's truth is about, within its window. */
export const FUNNEL_STEPS = ['/product/*', 'Add to cart', '/checkout', 'Purchase'] as const;
export const FUNNEL_WINDOW_MS = 14 * DAY_MS;

/** What one counted person did, in order. */
type Story = { at: number; step: number }[];

export function countTruth(plan: Plan): Truth {
  const stories = new Map<string, Story>();
  const truth = { sessions: 0, pageViews: 0, bounces: 0, engagedMs: 0, orders: 0, cents: 0, events: 0 };
  const buyers = new Set<string>();
  const lcps: number[] = [];
  for (const person of plan.people) {
    for (const visit of person.visits) {
      const acts = actsOf(person, visit);
      const counted = countedPerson(person, visit);
      const story = stories.get(counted) ?? [];
      stories.set(counted, story);
      story.push(...acts.flatMap(toStep));
      const views = acts.filter(({ kind }) => kind === 'page_view').length;
      truth.sessions += 1;
      truth.pageViews += views;
      truth.bounces += views === 1 && acts.every(({ kind }) => kind !== 'custom') ? 1 : 0;
      truth.engagedMs += acts.reduce((sum, act) => sum + (act.kind === 'engagement' ? act.engagedMs : 0), 0);
      truth.events += acts.length;
      lcps.push(...acts.flatMap((act) => (act.kind === 'web_vitals' ? (act.vitals.lcp ?? []) : [])));
      if (visit.depth === 'purchase') {
        buyers.add(counted);
        truth.orders += 1;
        truth.cents += Math.round(visit.product.price * 100);
      }
    }
  }
  const { cents, ...counts } = truth;
  return {
    ...counts,
    visitors: stories.size,
    buyers: buyers.size,
    revenue: cents / 100,
    lcpP75: percentile(lcps, 0.75),
    funnel: FUNNEL_STEPS.map(
      (_, index) => [...stories.values()].filter((story) => furthest(story) > index).length,
    ),
  };
}

/** Between two values, interpolated. */
function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? 0;
  return below + ((sorted[Math.ceil(place)] ?? 0) - below) * (place % 1);
}

function countedPerson(person: Person, visit: Visit): string {
  const device = person.devices[visit.device];
  if (person.userId !== undefined && joinsUser(person, visit.device)) return person.userId;
  if (device?.anonymousId !== undefined) return device.anonymousId;
  return `${person.id} on day ${Math.floor(visit.startsAt / DAY_MS)}`;
}

/** A device belongs to the user, its past included, once the user signs in on it. */
function joinsUser(person: Person, device: number): boolean {
  return person.visits.some((visit) => visit.device === device && visit.isSignedIn);
}

function toStep(act: Act): Story {
  if (act.kind === 'page_view' && act.path.startsWith('/product/')) return [{ at: act.at, step: 0 }];
  if (act.kind === 'custom' && act.name === 'Add to cart') return [{ at: act.at, step: 1 }];
  if (act.kind === 'page_view' && act.path === '/checkout') return [{ at: act.at, step: 2 }];
  if (act.kind === 'custom' && act.name === 'Purchase') return [{ at: act.at, step: 3 }];
  return [];
}

/** How many steps were reached from the best start: with all events at different times, the earliest next is best. */
function furthest(unsorted: Story): number {
  const story = unsorted.toSorted((a, b) => a.at - b.at);
  let best = 0;
  for (const start of story.filter(({ step }) => step === 0)) {
    let reached = 1;
    for (const { at, step } of story) {
      if (at > start.at && at <= start.at + FUNNEL_WINDOW_MS && step === reached) reached += 1;
    }
    best = Math.max(best, reached);
  }
  return best;
}
