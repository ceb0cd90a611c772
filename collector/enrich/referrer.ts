/** Which outside site led here, by the referrer that the browser names. */
import { parse } from 'tldts';
import type { KnownSource } from './known-sources.ts';
import { knownSource } from './known-sources.ts';
import { toOwnText } from './own-text.ts';
import { parseUrl, toHostAndPath } from './page-url.ts';
import { createRecent } from './recent.ts';

export type Referrer = {
  /** Host and path; '' where there is none, or it is a page of the same site. */
  referrer: string;
  /** The known site's one name, else the host without `www.`. */
  source: string;
  kind: KnownSource['kind'] | 'other' | '';
};

export const NO_REFERRER: Referrer = { referrer: '', source: '', kind: '' };

const OPTIONS = { allowPrivateDomains: true };
const MAX_TEXT = 300;
// https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4
const MAX_HOSTNAME = 253;
const CACHED = 2_000;

/** Where a referrer leads from, whatever page it led to. */
type Origin = Referrer & { host: string; domain: string };

export type ReferrerOf = (referrer: string | undefined, hostname: string) => Referrer;

/** Few sites send most visitors: what was parsed is kept, at most some thousands. */
export function createReferrerOf(): ReferrerOf {
  const origins = createRecent<string, Origin>(CACHED);
  const domains = createRecent<string, string>(CACHED);

  const originOf = (referrer: string) => {
    const known = origins.get(referrer);
    if (known !== undefined) return known;
    const origin = toOrigin(referrer);
    if (referrer.length <= MAX_TEXT) origins.set(referrer, origin);
    return origin;
  };
  const domainOf = (hostname: string) => {
    const known = domains.get(hostname);
    if (known !== undefined) return known;
    const { domain } = parseDomain(hostname);
    if (hostname.length <= MAX_HOSTNAME) domains.set(toOwnText(hostname), toOwnText(domain));
    return domain;
  };

  return (referrer, hostname) => {
    if (referrer === undefined || referrer === '') return NO_REFERRER;
    const origin = originOf(referrer);
    // A page under the page's own registrable domain (shop.example.com, www.example.com) leads nowhere from outside.
    const isInside = origin.host === hostname || origin.domain === domainOf(hostname);
    return isInside ? NO_REFERRER : origin;
  };
}

function toOrigin(referrer: string): Origin {
  const url = parseUrl(referrer);
  if (url === undefined || url.hostname === '') return { ...NO_REFERRER, host: '', domain: '' };
  const host = url.hostname;
  const { domain, name } = parseDomain(host);
  const known = knownByHost(host, domain, name);
  return {
    host,
    domain,
    referrer: toHostAndPath(url),
    source: known?.source ?? host.replace(/^www\./, ''),
    kind: known?.kind ?? 'other',
  };
}

/** Sites with a domain in many countries: the word before the public suffix names them. */
const WORLDWIDE = ['amazon', 'ebay', 'google', 'idealo', 'lycos', 'pinterest', 'yahoo', 'yandex'];

/** The most exact name that is known: the host, its registrable domain, the word before the public suffix. */
function knownByHost(host: string, domain: string, name: string): KnownSource | undefined {
  const exact = knownSource(host) ?? knownSource(domain);
  return exact ?? (WORLDWIDE.includes(name) ? knownSource(name) : undefined);
}

/** An address, `localhost` or an app's name has no registrable domain: it stands for itself. */
function parseDomain(host: string): { domain: string; name: string } {
  const { domain, domainWithoutSuffix } = parse(host, OPTIONS);
  return { domain: domain ?? host, name: domainWithoutSuffix ?? host };
}
