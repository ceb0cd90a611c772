/**
 * What the site's owner decides: the tag's attributes (`data-on-denied`), or the same names in the script's own query
 * (`?onDenied=cookieless`, for tools that strip attributes), or the npm module's options. Present without a value is ''.
 */
export type Settings = {
  site: string;
  /** Absolute URL of `…/events`; what else the snippet needs lies beside it. */
  endpoint: string;
  /** The global's name, if not `footfall`: two tags for two sites need two. */
  global?: string;
  /** No page views but those of `page()`. */
  manual?: string;
  /** The site routes by the fragment. */
  hash?: string;
  /** Query parameters that belong to a page's address, as a regular expression: `page|q`. */
  query?: string;
  /** File extensions that are downloads, as a regular expression: `pdf|zip`. */
  downloads?: string;
  /** `required`: nothing leaves before `consent('granted')`. Then whether what happens is dropped: see consent.ts. */
  consent?: string | boolean;
  /**
   * What a refusal means: `nothing` is sent, or the visitor is counted without an id (`cookieless`: what is usual, unless
   * consent is required).
   */
  onDenied?: string | boolean | undefined;
  /** Global Privacy Control and Do Not Track count as denied. */
  signals?: string;
  /** `test` marks all events as test; any other word none. Without it, localhost and automated browsers are marked. */
  environment?: string;
  /** The opt-in files to load, instead of `vitals`: `vitals errors frustration autocapture linking`. */
  with?: string;
  /** Other hosts of the same owner (`shop.example|example.org`), for `linking`. */
  domains?: string;
  debug?: string;
  /**
   * Set by the snippet itself: events may leave. Not before the page is really shown (prerendering) and the settings are
   * known.
   */
  isOpen?: boolean;
};

// Modules have no current script.
const script = (document.currentScript || document.querySelector('[data-site]')) as HTMLScriptElement;

/** An inline script names the door (`data-endpoint`). */
const address = script.dataset.endpoint || script.src;

/** The address of a file or door beside the script. */
export const near = (name: string) => new URL(name, address);

/** Where events go. */
export const door = (): URL | string => near('events');

export const settings: Partial<Settings> = {
  // Most addresses have no query, and the first parameters that a page takes apart cost it half a millisecond.
  ...(address.includes('?') && Object.fromEntries(near('').searchParams)),
  ...script.dataset,
};
