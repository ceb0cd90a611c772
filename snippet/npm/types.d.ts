/**
 * Your own events: declare them once, and a misspelt name or property does not compile.
 *
 * @example
 * declare module 'footfall-browser' {
 *   interface Events {
 *     Signup: { plan: 'free' | 'pro' };
 *   }
 * }
 */
export interface Events extends Record<never, Properties> {}

export type Properties = Record<string, string | number | boolean | null | undefined>;
export type EventName = [keyof Events] extends [never] ? string : keyof Events & string;
export type EventProperties<Name extends string> = Name extends keyof Events ? Events[Name] : Properties;

/** Money in units of its currency (19.99), ISO 4217. An order id counts once, however often it arrives. */
export type Details = { revenue?: { amount: number; currency: string }; orderId?: string };

/** An event on its way out, as the hook of `setBefore` sees it. */
export type DraftEvent = {
  kind: string;
  id: string;
  at: number;
  url: string;
  name?: string;
  properties?: Record<string, string | number | boolean>;
  [field: string]: unknown;
};

export type Options = {
  site: string;
  /** The collector's address: `https://stats.example/events`. */
  endpoint: string;
  consent?: 'required';
  onDenied?: 'cookieless' | 'nothing';
  /** Global Privacy Control and Do Not Track count as denied. */
  signals?: 'denied';
  environment?: 'test' | 'production';
  /** Query parameters that belong to a page's address, as a regular expression: `page|q`. */
  query?: string;
  /** File extensions that are downloads, as a regular expression: `pdf|zip`. */
  downloads?: string;
  /** Set to '' for routers that use the fragment. */
  hash?: '';
  /** Set to '' to count only the page views that `page()` reports. */
  manual?: '';
};

export type Feature = () => unknown;

/** Starts counting page views, and what `features` measure. Does nothing on a server, or when called again. */
export declare function init(options: Options, features?: Feature[]): void;
export declare function track<Name extends EventName>(
  name: Name,
  properties?: EventProperties<Name>,
  details?: Details,
): void;
export declare function page(properties?: Properties, url?: string): void;
export declare function identify(userId: string | number, traits?: Properties): void;
export declare function group(accountId: string | number, traits?: Properties): void;
export declare function reset(): void;
export declare function consent(state: 'granted' | 'denied'): void;
export declare function setProperties(properties: Properties | (() => Properties | undefined)): void;
export declare function setBefore(hook: (event: DraftEvent) => DraftEvent | null | undefined | false): void;

/** Engaged time and scroll depth. */
export declare const engagement: Feature;
/** Outbound links, downloads, tagged elements, form submits. */
export declare const clicks: Feature;
/** Another try for what could not be delivered. */
export declare const retries: Feature;
/** The lasting id where consent is granted; needed by `consent`, `identify`, `group` and `reset`. */
export declare const visitors: Feature;
export declare const vitals: Feature;
export declare const errors: Feature;
export declare const frustration: Feature;
export declare const autocapture: Feature;
