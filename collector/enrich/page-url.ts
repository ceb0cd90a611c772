/** A page's URL in the parts that reports ask for: nothing that is not allow-listed survives of its query. */
import type { Campaign } from './campaign.ts';
import { NO_CAMPAIGN, toCampaign } from './campaign.ts';
import { createRecent } from './recent.ts';
import { scrub } from './scrub.ts';

export type PageUrl = {
  hostname: string;
  /** Decoded where that is possible: `/café`. */
  path: string;
  /** Allow-listed parameters only, without the question mark. */
  query: string;
  /** What its parameters say of how the visitor came. */
  campaign: Campaign;
};

/** What may be kept of a page's URL, by the site's settings. */
export type UrlPolicy = { queryAllowList: readonly string[]; keepFragment: boolean };

/** For what happens on no page: a server's events. */
export const EMPTY_PAGE: PageUrl = { hostname: '', path: '', query: '', campaign: NO_CAMPAIGN };

const CACHED = 2_000;
const MAX_TEXT = 300;

export type PageOf = (text: string, policy: UrlPolicy) => PageUrl | undefined;

/** Parses like `parsePageUrl`, and keeps what was parsed lately: a site's pages come again. */
export function createPageOf(): PageOf {
  // One for all sites, so that many sites do not take many times its memory. A page is of one site nearly always.
  const cache = createRecent<string, { page: PageUrl; policy: UrlPolicy }>(CACHED);
  return (text, policy) => {
    const known = cache.get(text);
    if (known !== undefined && known.policy === policy) return known.page;
    const page = parsePageUrl(text, policy);
    if (page !== undefined && text.length <= MAX_TEXT) cache.set(text, { page, policy });
    return page;
  };
}

/** Undefined if the text is no http(s) URL. Never throws. */
export function parsePageUrl(text: string, policy: UrlPolicy): PageUrl | undefined {
  const url = parseUrl(text);
  if (url === undefined || url.hostname === '') return undefined;
  const fragment = policy.keepFragment && /^#[!/]/.test(url.hash) ? url.hash : '';
  return {
    hostname: url.hostname,
    path: scrub(decode(url.pathname + fragment)),
    query: url.search === '' ? '' : keepAllowed(url.searchParams, policy.queryAllowList),
    campaign: url.search === '' ? NO_CAMPAIGN : toCampaign(url.searchParams),
  };
}

/** Host and path of another site's page: what the referrer column holds. */
export function toHostAndPath(url: URL): string {
  return scrub(url.hostname + (url.pathname === '/' ? '' : decode(url.pathname)));
}

export function parseUrl(text: string): URL | undefined {
  try {
    const url = new URL(text);
    return url.protocol === 'https:' || url.protocol === 'http:' || url.protocol === 'android-app:'
      ? url
      : undefined;
  } catch {
    // Not a URL: a value here, not an error.
    return undefined;
  }
}

function keepAllowed(parameters: URLSearchParams, allowList: readonly string[]): string {
  const kept = new URLSearchParams();
  for (const [name, value] of parameters) if (allowList.includes(name)) kept.append(name, value);
  return scrub(kept.toString());
}

function decode(path: string): string {
  if (!path.includes('%')) return path;
  try {
    return decodeURI(path);
  } catch {
    // Bytes that are not UTF-8 stay encoded.
    return path;
  }
}
