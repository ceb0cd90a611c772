/**
 * Plans who visits the sample shop, when, and how far each visit gets. The plan is made of people and visits, not of
 * events, so that the truth can be counted from it without repeating what the collector and the reports do.
 */
import type { Random } from './random.ts';
import { createRandom } from './random.ts';
import {
  DEVICES,
  type Device,
  LANDING_PAGES,
  NETWORKS,
  type Page,
  PRODUCTS,
  type SampleProduct,
  SOURCES,
  type Source,
} from './shop-world.ts';

/** How far a visit got: what its last kind of act was. */
export type Depth = 'landing' | 'product' | 'cart' | 'checkout' | 'purchase';
export const DEPTHS: readonly Depth[] = ['landing', 'product', 'cart', 'checkout', 'purchase'];

export type Visit = {
  startsAt: number;
  depth: Depth;
  source: Source;
  landing: Page;
  product: SampleProduct;
  /** Which of the person's devices. */
  device: number;
  /** Signed in from the beginning of this visit: events bear the user id. */
  isSignedIn: boolean;
  /** Its requests arrive after everybody else's. */
  isLate: boolean;
  /** Each of its requests arrives twice. */
  isRepeated: boolean;
  /** Looks at this many further pages between landing and leaving. */
  extraPages: number;
  /** Reading time of each page in order, in ms; the visit's length follows from it. */
  engagedMs: number[];
};

export type PersonDevice = Device & {
  /** Lasting id; undefined: without consent, known for the day only. */
  anonymousId: string | undefined;
  address: string;
  language: string;
};

export type Person = { id: string; userId: string | undefined; devices: PersonDevice[]; visits: Visit[] };

export type Plan = { from: number; to: number; people: Person[] };

export type PlanOptions = {
  people: number;
  /** Midnight UTC that ends the last of the days: nothing happens at or after it. */
  endsAt: number;
  /** No visit begins after it: of a day that is not over. Left out: every day is whole. */
  startsBefore?: number;
  days: number;
  seed: number;
};

export const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Far above the longest visit and the session gap, so that two visits are never one session. */
const BETWEEN_VISITS_MS = 3 * HOUR_MS;
/** Nothing near the edges: a visit belongs to the period whole, in any time zone of Europe. */
const EDGE_MS = 4 * HOUR_MS;

/** Half of the people never get a lasting id; one in 16 uses two devices; about one in 12 visits is odd in some way. */
export function planSample(options: PlanOptions): Plan {
  const random = createRandom(options.seed);
  const from = options.endsAt - options.days * DAY_MS;
  const people: Person[] = [];
  for (let number = 0; number < options.people; number++)
    people.push(planPerson(number, from, options, random));
  return { from, to: options.endsAt, people };
}

function planPerson(number: number, from: number, options: PlanOptions, random: Random): Person {
  const isLasting = number % 2 === 0;
  const hasTwoDevices = number % 16 === 0;
  const hasAccount = hasTwoDevices || (isLasting && random.chance(0.15));
  const network = random.pickWeighted(NETWORKS);
  const planDevice = (which: number): PersonDevice => ({
    ...random.pickWeighted(DEVICES),
    anonymousId: isLasting ? `device-${options.seed}-${number}-${which}` : undefined,
    address: uniqueAddress(network.prefix, number, which),
    language: network.language,
  });
  const devices = hasTwoDevices ? [planDevice(0), planDevice(1)] : [planDevice(0)];
  const times = visitTimes(from, options, isLasting, hasTwoDevices, random);
  const visits = times.map((startsAt, index) =>
    planVisit(startsAt, index, devices, hasAccount, hasTwoDevices, random),
  );
  return {
    id: `person-${number}`,
    userId: hasAccount ? `user-${options.seed}-${number}` : undefined,
    devices,
    visits,
  };
}

/** No two people share an address, so that no two cookieless visitors are one. */
function uniqueAddress(prefix: string, number: number, which: number): string {
  const host = number * 2 + which;
  const [first, second] = prefix.split('.').map(Number);
  return `${first}.${(second ?? 0) + (host >> 16)}.${(host >> 8) & 255}.${host & 255}`;
}

function visitTimes(
  from: number,
  { endsAt, startsBefore = Number.POSITIVE_INFINITY }: PlanOptions,
  isLasting: boolean,
  isBusy: boolean,
  random: Random,
): number[] {
  const count = isBusy ? random.whole(3, 6) : isLasting ? random.whole(1, 4) : random.whole(1, 2);
  const times: number[] = [];
  for (let tries = 0; times.length < count && tries < 40; tries++) {
    const time = visitTime(from + EDGE_MS, endsAt - EDGE_MS, random);
    if (times.every((other) => Math.abs(other - time) > BETWEEN_VISITS_MS)) times.push(time);
  }
  return times.filter((time) => time < startsBefore).sort((a, b) => a - b);
}

/** More visits as the shop grows, fewer at night and on Sundays; a few just before midnight UTC, to cross it. */
function visitTime(from: number, to: number, random: Random): number {
  for (;;) {
    const time = Math.floor(from + Math.sqrt(random.next()) * (to - from));
    const hour = new Date(time).getUTCHours();
    const daily = hour < 5 ? 0.12 : hour < 8 ? 0.4 : hour > 17 && hour < 22 ? 1 : 0.7;
    const weekly = new Date(time).getUTCDay() === 0 ? 0.7 : 1;
    if (!random.chance(daily * weekly)) continue;
    return random.chance(0.01) ? Math.min(nextMidnight(time) - random.whole(1, 3) * MINUTE_MS, to) : time;
  }
}

function nextMidnight(time: number): number {
  return (Math.floor(time / DAY_MS) + 1) * DAY_MS;
}

function planVisit(
  startsAt: number,
  index: number,
  devices: readonly PersonDevice[],
  hasAccount: boolean,
  hasTwoDevices: boolean,
  random: Random,
): Visit {
  const device = hasTwoDevices ? index % 2 : 0;
  const source = index > 0 && random.chance(0.5) ? SOURCES[0] : random.pickWeighted(SOURCES);
  const intent = source.intent * (devices[device]?.intent ?? 1) * (index > 0 ? 1.5 : 1);
  const depth = planDepth(intent, random);
  const extraPages =
    depth === 'landing' ? (random.chance(0.55) ? 0 : random.whole(1, 3)) : random.whole(1, 4);
  return {
    startsAt,
    depth,
    source,
    landing: random.pickWeighted(LANDING_PAGES),
    product: random.pickWeighted(PRODUCTS),
    device,
    // The first visit of a device is anonymous: its past must join the user when the id turns up later.
    isSignedIn: hasAccount && index >= (hasTwoDevices ? 2 : 1),
    isLate: random.chance(0.04),
    isRepeated: random.chance(0.04),
    extraPages,
    engagedMs: Array.from({ length: 14 }, () => random.whole(2, 90) * 1_000),
  };
}

function planDepth(intent: number, random: Random): Depth {
  if (!random.chance(Math.min(0.9, 0.5 * intent))) return 'landing';
  if (!random.chance(Math.min(0.9, 0.13 * intent))) return 'product';
  if (!random.chance(Math.min(0.9, 0.55 * intent))) return 'cart';
  if (!random.chance(Math.min(0.9, 0.5 * intent))) return 'checkout';
  return 'purchase';
}
