/** A page's URL in the parts that reports ask for: nothing that is not allow-listed survives of its query. */
import { scrub } from './scrub.ts';

export type PageUrl = {
  hostname: string;
  /** Decoded where that is possible: `/café`. */
  path: string;
  /** Allow-listed parameters only, without the question mark. */
  query: string;
  /** All parameters, for the stages that derive campaigns from them; never stored. */
  parameters: URLSearchParams;
};

/** What may be kept of a page's URL, by the site's settings. */
export type UrlPolicy = { queryAllowList: readonly string[]; keepFragment: boolean };

const NO_PARAMETERS = new URLSearchParams();

/** Undefined if the text is no http(s) URL. Never throws. */
export function parsePageUrl(text: string, policy: UrlPolicy): PageUrl | undefined {
  const url = parseUrl(text);
  if (url === undefined || url.hostname === '') return undefined;
  const parameters = url.search === '' ? NO_PARAMETERS : url.searchParams;
  const fragment = policy.keepFragment && /^#[!/]/.test(url.hash) ? url.hash : '';
  return {
    hostname: url.hostname,
    path: scrub(decode(url.pathname + fragment)),
    query: url.search === '' ? '' : keepAllowed(parameters, policy.queryAllowList),
    parameters,
  };
}

/** Host and path of another site's page: what the referrer column holds. '' if it is none. */
export function toHostAndPath(text: string): string {
  const url = parseUrl(text);
  if (url === undefined) return '';
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
