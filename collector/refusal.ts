import type { Refusal } from './protocol.ts';
import type { NotedDrop } from './recent-drops.ts';

/** The statuses with which a door refuses a request. 4xx: do not send it again as it is; 429, 500, 503: later. */
export type RefusalStatus = 400 | 401 | 403 | 404 | 405 | 408 | 411 | 413 | 415 | 417 | 429 | 500 | 503;

export type RefusalDetail = {
  /** Where in the body: `events[2].at`. */
  field?: string;
  expected?: string;
  found?: string;
  retryAfterSeconds?: number;
};

/** The events that a refused request brought, as far as they are known. `siteId` is '' if it names none of ours. */
export type Dropped = { siteId: string; drops: readonly NotedDrop[] };

/** A request that a door does not take. Its message is for the sender: it never bears an address or a secret. */
export class RefusalError extends Error {
  override name = 'RefusalError';
  readonly status: RefusalStatus;
  readonly code: string;
  readonly detail: RefusalDetail;
  /** What the refusal costs; undefined if nobody looked into the request. */
  dropped: Dropped | undefined;

  constructor(status: RefusalStatus, code: string, message: string, detail: RefusalDetail = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.detail = detail;
  }
}

/** The error, with the events that it cost. */
export function costing(error: RefusalError, siteId: string, drops: readonly NotedDrop[]): RefusalError {
  error.dropped = { siteId, drops };
  return error;
}

/** The body of the answer, in the wire's words. */
export function toRefusal({ code, message, detail }: RefusalError): Refusal {
  const { retryAfterSeconds: _, ...named } = detail;
  return { error: { code, message, ...named } };
}

/** What a wrong value looks like in a message: short, on one line, and never deeper than its surface. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  if (typeof value !== 'string') return String(value);
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}
