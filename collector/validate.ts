/**
 * Turns a body into a batch that the stages behind may trust. Written by hand, since it runs for every event: a table of
 * checks per kind, which the compiler holds complete against the protocol.
 */

import type { Check, Wrong } from './check.ts';
import * as check from './check.ts';
import type { Batch, EventKind, Receipt, TrackedEvent } from './protocol.ts';
import { LIMITS, toSiteId } from './protocol.ts';
import { describe, RefusalError } from './refusal.ts';

/** What holds for all events of a batch. */
export type BatchFacts = Omit<Batch, 'events'>;

/** The good events with their places in the batch, and the others with what is wrong with them. */
export type ValidBatch = {
  facts: BatchFacts;
  events: { index: number; event: TrackedEvent }[];
  refused: Receipt['refused'];
  /** The first refusal with all it says, for a batch without one good event. */
  firstRefusal: RefusalError | undefined;
  /** The events as they came, good and bad. */
  sent: readonly unknown[];
};

type Shared = 'id' | 'at' | 'url' | 'pageView' | 'seq';
type Own<Kind extends EventKind> = Exclude<keyof Extract<TrackedEvent, { kind: Kind }>, Shared | 'kind'>;
export type Checks = readonly (readonly [field: string, check: Check])[];

/** What a door asks of an event beyond what its kind asks. */
export type EventRules = { checks: Checks; maxBytes: number };

const id = check.name(LIMITS.idLength);
const bag = check.optional(check.properties);
const target = check.text(LIMITS.targetLength);
const vital = check.optional(check.numberBetween(0, 3_600_000));
const count = check.optional(check.numberBetween(0, 4_294_967_295));
const targeted = { target, properties: bag };

const OWN_FIELDS: { [Kind in EventKind]: Record<Own<Kind>, Check> } = {
  page_view: {
    referrer: check.optional(check.text(LIMITS.urlLength)),
    previousUrl: check.optional(check.text(LIMITS.urlLength)),
    title: check.optional(check.text(LIMITS.titleLength)),
    status: check.optional(check.numberBetween(0, 999)),
    properties: bag,
  },
  engagement: {
    engagedMs: check.numberBetween(0, 4_294_967_295),
    scrollPercent: check.numberBetween(0, 100),
  },
  custom: {
    name: check.name(LIMITS.nameLength),
    properties: bag,
    revenue: check.optional(check.revenue),
    orderId: check.optional(id),
  },
  outbound_link: targeted,
  file_download: targeted,
  form_submit: targeted,
  click: targeted,
  rage_click: targeted,
  dead_click: targeted,
  web_vitals: { lcp: vital, inp: vital, cls: vital, fcp: vital, ttfb: vital },
  error: {
    message: check.text(LIMITS.messageLength),
    target: check.optional(target),
    line: count,
    column: count,
    stack: check.optional(check.text(LIMITS.stackLength)),
  },
  identify: { properties: bag },
  group: { properties: bag },
  reset: {},
};

const SHARED_FIELDS: Record<Shared, Check> = {
  id,
  at: check.time,
  url: check.pageUrl,
  pageView: check.optional(id),
  seq: check.optional(check.numberBetween(0, 65_535)),
};

export const BATCH_FIELDS: Record<keyof BatchFacts, Check> = {
  version: (value) => (value === 1 ? undefined : check.wrong('1', value)),
  site: (value) =>
    typeof value === 'string' && toSiteId(value)
      ? undefined
      : check.wrong('a site id (a-z, 0-9, dots and hyphens)', value),
  sentAt: check.time,
  anonymousId: check.optional(id),
  userId: check.optional(id),
  accountId: check.optional(id),
  consent: check.optional(check.oneOf(['granted', 'denied'])),
  screenWidth: check.optional(check.numberBetween(0, 100_000)),
  test: check.optional(check.flag),
};

const KINDS = Object.keys(OWN_FIELDS);
const batchChecks: Checks = Object.entries(BATCH_FIELDS);
const eventChecks = new Map<unknown, Checks>(
  Object.entries(OWN_FIELDS).map(([kind, own]) => [kind, Object.entries({ ...SHARED_FIELDS, ...own })]),
);

const BROWSER_RULES: EventRules = { checks: [], maxBytes: LIMITS.eventBytes };

/** Throws RefusalError 400 if the batch itself is malformed; an event that is does not spoil the others. */
export function validate(body: unknown, bodyBytes: number): ValidBatch {
  assertFields(body, batchChecks, LIMITS.eventsPerBatch);
  assertBatch(body);
  const { events: sent } = body;
  // Copied without its events, it would be the same at ten times the cost.
  const facts: BatchFacts = body;
  const valid: ValidBatch = { facts, events: [], refused: [], firstRefusal: undefined, sent };
  for (let index = 0; index < sent.length; index += 1) {
    const event: unknown = sent[index];
    const refusal = refuseEvent(event, index, facts, bodyBytes);
    if (refusal === undefined) {
      assertTracked(event);
      valid.events.push({ index, event });
    } else {
      valid.firstRefusal ??= refusal;
      valid.refused.push({ index, ...idOf(event), reason: 'malformed', message: refusal.message });
    }
  }
  return valid;
}

/** Throws RefusalError 400 if a batch's own fields are not what `checks` ask. */
export function assertFields(
  body: unknown,
  checks: Checks,
  maxEvents: number,
): asserts body is Record<string, unknown> & { events: unknown[] } {
  if (!check.isRecord(body)) {
    const found = describe(body);
    throw new RefusalError(400, 'malformed', `Expected the body to be a batch, got ${found}`, {
      expected: 'a batch',
      found,
    });
  }
  for (const [field, test] of checks) {
    const fault = test(body[field]);
    if (fault !== undefined) throw toRefusalError(field, fault);
  }
  const { events } = body;
  const fits = Array.isArray(events) && events.length > 0 && events.length <= maxEvents;
  if (!fits) throw toRefusalError('events', check.wrong(`an array of 1 to ${maxEvents} events`, events));
}

/** `assertFields` has put it to every check of the table above; this is where that becomes a type. */
function assertBatch(_body: unknown): asserts _body is BatchFacts & { events: unknown[] } {}

/** Says what is wrong with one event, or undefined. `facts` are those of its batch. */
export function refuseEvent(
  event: unknown,
  index: number,
  facts: { userId?: string; accountId?: string },
  bodyBytes: number,
  rules: EventRules = BROWSER_RULES,
): RefusalError | undefined {
  if (!check.isRecord(event)) return toRefusalError(`events[${index}]`, check.wrong('an event', event));
  const checks = eventChecks.get(event.kind);
  if (checks === undefined) {
    return toRefusalError(`events[${index}].kind`, check.wrong(`one of ${KINDS.join(', ')}`, event.kind));
  }
  const fault = firstFault(event, checks) ?? firstFault(event, rules.checks);
  if (fault !== undefined) return toRefusalError(`events[${index}].${fault.field}`, fault);
  const nameless = refuseNameless(event, facts);
  if (nameless !== undefined) return nameless;
  // No event of a small body can be too large.
  return bodyBytes > rules.maxBytes ? refuseLarge(event, index, rules.maxBytes) : undefined;
}

function firstFault(event: Record<string, unknown>, checks: Checks): (Wrong & { field: string }) | undefined {
  for (const [field, test] of checks) {
    const fault = test(event[field]);
    if (fault !== undefined) return { ...fault, field };
  }
  return undefined;
}

/** `identify` and `group` say something about whom the batch, or with a secret key the event, names. */
function refuseNameless(
  { kind, userId, accountId }: Record<string, unknown>,
  facts: { userId?: string; accountId?: string },
): RefusalError | undefined {
  if (kind === 'identify' && facts.userId === undefined && userId === undefined) {
    return toRefusalError('userId', check.wrong('a text, for the batch identifies', undefined));
  }
  if (kind === 'group' && facts.accountId === undefined && accountId === undefined) {
    return toRefusalError('accountId', check.wrong('a text, for the batch names a group', undefined));
  }
  return undefined;
}

function refuseLarge(
  event: Record<string, unknown>,
  index: number,
  maxBytes: number,
): RefusalError | undefined {
  const bytes = check.jsonBytes(event);
  if (bytes <= maxBytes) return undefined;
  const expected = `at most ${maxBytes} bytes of JSON`;
  return toRefusalError(`events[${index}]`, { expected, found: `${bytes} bytes` });
}

function toRefusalError(path: string, { expected, found, within }: Wrong): RefusalError {
  const field = within === undefined ? path : `${path}.${within}`;
  return new RefusalError(400, 'malformed', `Expected "${field}" to be ${expected}, got ${found}`, {
    field,
    expected,
    found,
  });
}

/** `refuseEvent` has put it to every check of its kind; this is the one place where that becomes a type. */
export function assertTracked(_event: unknown): asserts _event is TrackedEvent {}

export function idOf(event: unknown): { id?: string } {
  const sent = check.isRecord(event) ? event.id : undefined;
  return typeof sent === 'string' && sent.length <= LIMITS.idLength ? { id: sent } : {};
}
