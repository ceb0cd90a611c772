import fc from 'fast-check';
import { SESSION_GAP_MS } from './sessions.ts';
import { eventsOf, type World, type WorldEvent } from './world.ts';

/**
 * Random small worlds, dense where definitions are easily got wrong: times lie on a grid of ten minutes give or take a
 * millisecond (sessions of 30 minutes, windows and days are multiples of it), so ties and off-by-one gaps abound.
 *
 * Kept out, for no definition decides them: an identity that changes in the very millisecond of another event, and a
 * user who comes back on a lasting id after a second one without a `reset` between.
 */
export const GRID_MS = 600_000;

/** Where worlds lie: two days into each, a clock changes, a month ends or a week begins. */
const places = [
  { timeZone: 'Europe/Berlin', startMs: Date.parse('2026-03-26T23:00:00Z') },
  { timeZone: 'Europe/Berlin', startMs: Date.parse('2026-10-22T22:00:00Z') },
  { timeZone: 'America/New_York', startMs: Date.parse('2026-03-06T05:00:00Z') },
  { timeZone: 'Asia/Kolkata', startMs: Date.parse('2026-05-30T18:30:00Z') },
  { timeZone: 'UTC', startMs: Date.parse('2026-05-29T00:00:00Z') },
] as const;

export type Place = (typeof places)[number];

export const EVENT_NAMES = ['A', 'B', 'C', 'X'] as const;
export const PATHS = ['/', '/a', '/a/b', '/thanks'] as const;
export const PLANS = ['free', 'pro'] as const;
export const SOURCES = ['', 'google', 'newsletter'] as const;

export type WorldOptions = {
  maxEvents: number;
  /** No two events in one millisecond, for what depends on an order that ties do not have (paths, entry pages). */
  hasTies: boolean;
};

export function arbitraryPlace(): fc.Arbitrary<Place> {
  return fc.constantFrom(...places);
}

export function arbitraryWorld(place: Place, options: Partial<WorldOptions> = {}): fc.Arbitrary<World> {
  const { maxEvents = 30, hasTies = true } = options;
  return fc
    .record({
      // Few devices a world, so that each has a story.
      drafts: fc.subarray([...devices], { minLength: 1, maxLength: 2 }).chain((some) =>
        fc.array(arbitraryDraft(some), {
          minLength: Math.min(8, maxEvents),
          maxLength: maxEvents,
          size: 'max',
        }),
      ),
      // Mostly long after all windows have closed; at times in the midst of it.
      nowMs: fc.oneof(
        { weight: 4, arbitrary: fc.constant(place.startMs + 3_000 * GRID_MS) },
        {
          weight: 1,
          arbitrary: fc.integer({ min: 275, max: 500 }).map((slot) => place.startMs + slot * GRID_MS),
        },
      ),
    })
    .map(({ drafts, nowMs }) => ({
      events: toEvents(drafts, place.startMs, hasTies).filter((event) => event.timeMs <= nowMs),
      nowMs,
      timeZone: place.timeZone,
    }));
}

/** What chance decides of an event; who it belongs to follows from what its device did before. */
type Draft = {
  device: Device;
  slot: number;
  jitterMs: number;
  deed: Deed;
  /** Whether the event names the user signed in on its device. */
  namesUser: boolean;
  accountId: string;
  source: string;
  campaign: string;
  delayMs: number;
  isTest: boolean;
};

type Deed = Partial<WorldEvent> & { signsIn?: string; consents?: boolean };

/** `neighbour` shares address and browser with `cafe`, and never signs in. */
const devices = ['phone', 'laptop', 'cafe', 'neighbour', 'server', 'server for phone'] as const;
type Device = (typeof devices)[number];
const USERS = ['ada', 'bob', 'cy'] as const;

/** True once in so many times. */
export function rarely(times: number): fc.Arbitrary<boolean> {
  return fc.oneof(
    { weight: times - 1, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  );
}

function arbitraryDraft(some: readonly Device[]): fc.Arbitrary<Draft> {
  return fc.record({
    device: fc.constantFrom(...some),
    slot: fc.oneof(
      { weight: 3, arbitrary: fc.integer({ min: 280, max: 292 }) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 700 }) },
    ),
    jitterMs: fc.constantFrom(0, 0, 0, -1, 1),
    deed: arbitraryDeed(),
    namesUser: fc.boolean(),
    accountId: fc.constantFrom('', 'acme', 'globex'),
    source: fc.constantFrom(...SOURCES),
    campaign: fc.constantFrom('', 'spring'),
    delayMs: fc.constantFrom(0, 0, 5_000, 86_400_000),
    isTest: rarely(30),
  });
}

function arbitraryDeed(): fc.Arbitrary<Deed> {
  const properties = fc.record({
    texts: fc.oneof(fc.constant({}), fc.record({ plan: fc.constantFrom(...PLANS) })),
    numbers: fc.oneof(fc.constant({}), fc.record({ price: fc.integer({ min: 0, max: 3 }) })),
  });
  const custom = fc
    .record({ name: fc.constantFrom('A', 'A', 'B', 'X', ...EVENT_NAMES), properties })
    .map(({ name, properties }): Deed => ({ kind: 'custom', name, ...properties }));
  const page = fc
    .record({ path: fc.constantFrom(...PATHS), properties })
    .map(({ path, properties }): Deed => ({ kind: 'page_view', path, ...properties }));
  const purchase = fc
    .record({
      order: fc.integer({ min: 0, max: 3 }),
      currency: fc.constantFrom('EUR', 'EUR', 'USD'),
      properties,
    })
    .map(
      ({ order, currency, properties }): Deed => ({
        kind: 'custom',
        name: 'B',
        orderId: order === 0 ? '' : `order-${order}`,
        revenueCents: 999 + order,
        currency,
        ...properties,
      }),
    );
  const aside = fc.oneof(
    fc.record({ kind: fc.constant('engagement' as const), engagedMs: fc.integer({ min: 0, max: 9_000 }) }),
    fc.record({
      kind: fc.constantFrom(
        'click' as const,
        'form_submit' as const,
        'error' as const,
        'web_vitals' as const,
      ),
    }),
  );
  const identity = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom(...USERS).map((user): Deed => ({ kind: 'identify', signsIn: user })),
    },
    { weight: 1, arbitrary: fc.constant<Deed>({ kind: 'reset' }) },
    { weight: 2, arbitrary: fc.constant<Deed>({ kind: 'click', consents: true }) },
    { weight: 1, arbitrary: fc.constant<Deed>({ kind: 'alias', userId: 'ada', previousUserId: 'cy' }) },
    { weight: 1, arbitrary: fc.constant<Deed>({ kind: 'alias', userId: 'bob', previousUserId: 'ada' }) },
  );
  return fc.oneof(
    { weight: 10, arbitrary: custom },
    { weight: 4, arbitrary: page },
    { weight: 2, arbitrary: purchase },
    { weight: 2, arbitrary: aside },
    { weight: 2, arbitrary: identity },
  );
}

/** What a device remembers between events. `lastingId` is '' until it has one. */
type DeviceState = {
  /** Who is signed in, '' for nobody. */
  user: string;
  /** Who has signed in since the last `reset` (cookieless: on this day's hash), each once, in order. */
  named: string[];
  visitor: string;
  lastingId: string;
  lastMs: number;
};

function toEvents(drafts: readonly Draft[], startMs: number, hasTies: boolean): WorldEvent[] {
  const timed = drafts
    .map((draft) => ({
      draft,
      timeMs: startMs + draft.slot * GRID_MS + (isTurn(draft) ? 7 : draft.jitterMs),
    }))
    .sort((a, b) => a.timeMs - b.timeMs);
  const states = new Map<string, DeviceState>();
  const taken = new Set<string>();
  const facts: Partial<WorldEvent>[] = [];
  for (const { draft, timeMs } of timed) {
    const holder = draft.device === 'server for phone' ? 'phone' : draft.device;
    const seat = isTurn(draft) ? `${holder} ${timeMs}` : `any ${timeMs}`;
    if (taken.has(seat) && (isTurn(draft) || !hasTies)) continue;
    taken.add(seat);
    const state = states.get(holder) ?? stateOf(holder);
    states.set(holder, state);
    const happened =
      holder === 'server' || draft.deed.kind === 'alias'
        ? onServer(draft)
        : onDevice(draft, timeMs, state, holder);
    facts.push({ timeMs, receivedMs: timeMs + draft.delayMs, accountId: draft.accountId, ...happened });
  }
  return eventsOf(facts);
}

/** A moment at which the identity of a device changes. */
function isTurn({ deed }: Draft): boolean {
  return deed.signsIn !== undefined || deed.consents === true || deed.kind === 'reset';
}

function stateOf(holder: string): DeviceState {
  const lastingId = holder === 'phone' || holder === 'laptop' ? holder : '';
  return { user: '', named: [], visitor: '', lastingId, lastMs: Number.NEGATIVE_INFINITY };
}

function onDevice(draft: Draft, timeMs: number, state: DeviceState, holder: string): Partial<WorldEvent> {
  const { signsIn, consents, ...deed } = draft.deed;
  move(state, timeMs);
  const cookielessVisitor = consents && state.lastingId === '' && holder === 'cafe' ? state.visitor : '';
  if (cookielessVisitor !== '') {
    state.lastingId = `${holder} id`;
    state.visitor = state.lastingId;
  }
  if (signsIn !== undefined && holder !== 'neighbour') signIn(state, signsIn);
  const userId = signsIn !== undefined || (draft.namesUser && deed.kind !== 'reset') ? state.user : '';
  if (deed.kind === 'reset') Object.assign(state, { user: '', named: [] });
  const identity = { visitor: state.visitor, isLasting: state.lastingId !== '', cookielessVisitor, userId };
  if (draft.device === 'server for phone') return { ...asCustom(deed), ...identity, sentBy: 'server' };
  return {
    ...deed,
    ...identity,
    isTest: draft.isTest && !isTurn(draft),
    ...(deed.kind === 'page_view' ? { source: draft.source, campaign: draft.campaign } : {}),
    country: holder === 'phone' ? 'DE' : 'US',
    device: holder === 'phone' ? 'mobile' : 'desktop',
  };
}

/** Cookieless: a hash for each UTC day, kept over midnight while the session runs; a pause also forgets who signed in. */
function move(state: DeviceState, timeMs: number): void {
  const gapMs = timeMs - state.lastMs;
  state.lastMs = timeMs;
  if (state.lastingId !== '') {
    state.visitor = state.lastingId;
    return;
  }
  if (gapMs > SESSION_GAP_MS) state.user = '';
  if (gapMs < SESSION_GAP_MS) return;
  const hash = `cafe ${new Date(timeMs).toISOString().slice(0, 10)}`;
  if (hash !== state.visitor) state.named = [];
  state.visitor = hash;
}

/** Nobody comes back after another has signed in: then the other goes on. */
function signIn(state: DeviceState, user: string): void {
  if (!state.named.includes(user)) state.named.push(user);
  state.user = state.named.at(-1) ?? user;
}

function onServer({ deed: { signsIn, consents: _, ...deed } }: Draft): Partial<WorldEvent> {
  const userId = deed.userId ?? signsIn ?? 'ada';
  const what = deed.kind === 'alias' ? deed : asCustom(deed);
  return { ...what, visitor: `user:${userId}`, isLasting: false, userId, sentBy: 'server' };
}

function asCustom(deed: Partial<WorldEvent>): Partial<WorldEvent> {
  return deed.kind === 'custom' ? deed : { kind: 'custom', name: 'C' };
}
