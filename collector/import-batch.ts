/**
 * What comes in with a secret key, at `POST /v1/events`: the wire's events, each with whom and where it happened, for
 * history from elsewhere and for what a server knows of its visitors.
 */
import ipaddr from 'ipaddr.js';
import * as check from './check.ts';
import type { Batch, Receipt, TrackedEvent } from './protocol.ts';
import { LIMITS } from './protocol.ts';
import type { RefusalError } from './refusal.ts';
import type { EventRules } from './validate.ts';
import { assertFields, assertTracked, BATCH_FIELDS, idOf, refuseEvent } from './validate.ts';

/** The doors below `/v1/` carry more: a server's library collects what many visitors do. */
export const API_LIMITS = { bodyBytes: 512 * 1024, eventsPerBatch: 2_500, eventBytes: 32 * 1024 } as const;

/** Whom an event is about: at least one of `anonymousId`, `userId`, `ip`. Address and user agent are hashed and dropped. */
export type Whom = Partial<
  Pick<Batch, 'anonymousId' | 'userId' | 'accountId' | 'consent' | 'screenWidth' | 'test'>
> & {
  /** The visitor's own address; with `userAgent` it makes a visitor for the UTC day of the event. */
  ip?: string;
  userAgent?: string;
  /** As a browser's Accept-Language says it. */
  language?: string;
};

export type ImportedEvent = TrackedEvent & Whom;

export type ImportBatch = {
  version: 1;
  site: string;
  sentAt: number;
  /** `browser`: what browsers did, counted like their own events. `server`: makes no visits of its own. */
  sentBy: 'browser' | 'server' | 'import';
  events: ImportedEvent[];
};

export type ValidImport = {
  facts: Omit<ImportBatch, 'events'>;
  events: { index: number; event: ImportedEvent }[];
  refused: Receipt['refused'];
  firstRefusal: RefusalError | undefined;
  /** The events as they came, good and bad. */
  sent: readonly unknown[];
};

const address: check.Check = (value) =>
  typeof value === 'string' && ipaddr.isValid(value) ? undefined : check.wrong('an IP address', value);

const { anonymousId, userId, accountId, consent, screenWidth, test, version, site, sentAt } = BATCH_FIELDS;
const WHOM_FIELDS: Record<keyof Whom, check.Check> = {
  anonymousId,
  userId,
  accountId,
  consent,
  screenWidth,
  test,
  ip: check.optional(address),
  userAgent: check.optional(check.text(LIMITS.urlLength)),
  language: check.optional(check.text(LIMITS.nameLength)),
};
const RULES: EventRules = { checks: Object.entries(WHOM_FIELDS), maxBytes: API_LIMITS.eventBytes };
const BATCH_CHECKS = Object.entries({
  version,
  site,
  sentAt,
  sentBy: check.oneOf(['browser', 'server', 'import']),
});

/** Throws RefusalError 400 if the batch itself is malformed; an event that is does not spoil the others. */
export function validateImport(body: unknown, bodyBytes: number): ValidImport {
  assertFields(body, BATCH_CHECKS, API_LIMITS.eventsPerBatch);
  assertImport(body);
  const { events: sent, ...facts } = body;
  const valid: ValidImport = { facts, events: [], refused: [], firstRefusal: undefined, sent };
  for (const [index, event] of sent.entries()) {
    const refusal = refuseEvent(event, index, {}, bodyBytes, RULES);
    if (refusal === undefined) {
      assertImported(event);
      valid.events.push({ index, event });
    } else {
      valid.firstRefusal ??= refusal;
      valid.refused.push({ index, ...idOf(event), reason: 'malformed', message: refusal.message });
    }
  }
  return valid;
}

/** Put to every check above, so that is what they are. */
function assertImport(_body: unknown): asserts _body is Omit<ImportBatch, 'events'> & { events: unknown[] } {}

function assertImported(event: unknown): asserts event is ImportedEvent {
  assertTracked(event);
}
