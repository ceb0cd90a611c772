/**
 * The wire between a page and the collector: the types and limits of `POST /events`. Imports nothing.
 *
 * The body is one `Batch` as JSON, sent as `text/plain` so that the browser needs no CORS preflight. The collector
 * also accepts `application/json`. Examples as data: `test/protocol/valid/<version>/` and `test/protocol/invalid/`.
 */

/** A flat property bag. Numbers stay numbers, so that reports can add and compare them. */
export type Properties = Record<string, string | number | boolean>;

/** What every event carries. Times are milliseconds since the epoch, by the sender's clock. */
type EventFacts = {
  /**
   * Unique per site; the collector stores the first event with an id and counts any repeat as `duplicate`. The
   * snippet writes the time in base 36 first (8 characters), then at least 11 random ones: ids near in time then
   * lie near each other in the table that knows them.
   */
  id: string;
  at: number;
  /** Absolute URL of the page: query strings cut to the allow-list, no fragment unless the site routes by it. */
  url: string;
  /** The `id` of the page view this event belongs to. Absent on the page view itself, and where none is known. */
  pageView?: string;
  /** Counts a page view's events from 1 in the order they happened. Absent (0) on the page view itself. */
  seq?: number;
};

/** Money as the shop states it. An order id counts once per site, however often its event arrives. */
export type Revenue = {
  /** In units of the currency (19.99), not cents. Negative for a refund. */
  amount: number;
  /** ISO 4217, three capital letters. */
  currency: string;
};

/** One thing that happened on a page. */
export type TrackedEvent = EventFacts &
  (
    | {
        kind: 'page_view';
        /** What the browser names as referrer: an outside page on entry only. */
        referrer?: string;
        /** The page shown before, inside the site, when a single-page application navigates. */
        previousUrl?: string;
        title?: string;
        /** The page's HTTP response status, where the browser tells it and it is not 200. */
        status?: number;
        properties?: Properties;
      }
    /** Engaged time and scroll since this page view's last engagement event (time) and since its start (scroll). */
    | { kind: 'engagement'; engagedMs: number; scrollPercent: number }
    | {
        kind: 'custom';
        name: string;
        properties?: Properties;
        revenue?: Revenue;
        orderId?: string;
      }
    /** `target` is the link's URL, or for a form its `id`, `name` or action path. */
    | { kind: 'outbound_link' | 'file_download' | 'form_submit'; target: string; properties?: Properties }
    /** Autocapture: `target` is the element's path (`main>button.buy`), `properties.text` its masked label. */
    | { kind: 'click' | 'rage_click' | 'dead_click'; target: string; properties?: Properties }
    /** Core Web Vitals in ms (`cls` is a score); a metric the page did not yield is absent. */
    | { kind: 'web_vitals'; lcp?: number; inp?: number; cls?: number; fcp?: number; ttfb?: number }
    | { kind: 'error'; message: string; target?: string; line?: number; column?: number; stack?: string }
    /** Names the batch's `userId`; `properties` are the person's traits. */
    | { kind: 'identify'; properties?: Properties }
    /** Names the batch's `accountId`; `properties` are the account's traits. */
    | { kind: 'group'; properties?: Properties }
    /** From here on the visitor is anonymous again. */
    | { kind: 'reset' }
  );

export type EventKind = TrackedEvent['kind'];

/** `''`: never asked (cookieless). `denied`: asked and refused, counted cookieless where the site allows it. */
export type Consent = 'granted' | 'denied';

/**
 * One request body. Identity holds for all its events: the snippet sends what it has before an identity changes.
 * `sentAt` lets the collector correct a clock that runs ahead or behind.
 */
export type Batch = {
  version: 1;
  site: string;
  sentAt: number;
  /** The lasting first-party id kept on the device, with consent only. Without it the visitor is cookieless. */
  anonymousId?: string;
  userId?: string;
  accountId?: string;
  consent?: Consent;
  /** Width of the viewport in CSS pixels; stored as a class (`xs` to `xl`), never as it is. */
  screenWidth?: number;
  /** A developer's own machine or an automated browser: seen live, not counted unless the site says so. */
  test?: true;
  events: TrackedEvent[];
};

/** The snippet truncates to these; the collector rejects what exceeds them. Lengths count UTF-16 code units. */
export const LIMITS = {
  bodyBytes: 64 * 1024,
  eventsPerBatch: 50,
  eventBytes: 8 * 1024,
  idLength: 100,
  nameLength: 100,
  urlLength: 2_000,
  titleLength: 300,
  targetLength: 1_000,
  messageLength: 500,
  stackLength: 2_000,
  properties: 64,
  propertyNameLength: 100,
  propertyTextLength: 1_000,
} as const;

export type SiteId = string & { readonly brand: 'SiteId' };

/** The only way to a SiteId, so that whoever holds one need not check it again. */
export function toSiteId(text: string): SiteId | undefined {
  return /^[a-z0-9][a-z0-9.-]{0,62}$/.test(text) ? (text as SiteId) : undefined;
}

/** What the collector answers to `POST /events` with 202. Refused events are named; the others are on disk. */
export type Receipt = {
  accepted: number;
  refused: { index: number; id?: string; reason: RefusalReason; message: string }[];
};

/**
 * Why an event of a well-formed batch is not stored. Closed on purpose: each reason is a counter. `unplanned`: the site
 * takes only what its tracking plan names.
 */
export const REFUSAL_REASONS = ['malformed', 'policy', 'unplanned'] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** The body of every 4xx and 5xx answer. `field` is the path of what was wrong, like `events[2].at`. */
export type Refusal = {
  error: { code: string; message: string; field?: string; expected?: string; found?: string };
};
