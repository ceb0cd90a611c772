/** Which outside site led here, by the referrer that the browser names. */
import { LRUCache } from 'lru-cache';
import { parse } from 'tldts';
import type { KnownSource } from './known-sources.ts';
import { knownSource } from './known-sources.ts';
import { parseUrl, toHostAndPath } from './page-url.ts';

export type Referrer = {
  /** Host and path; '' where there is none, or it is a page of the same site. */
  referrer: string;
  /** The known site's one name, else the host without `www.`. */
  source: string;
  kind: KnownSource['kind'] | 'other' | '';
};

export const NO_REFERRER: Referrer = { referrer: '', source: '', kind: '' };

const OPTIONS = { allowPrivateDomains: true };
const MAX_CACHED = 2_000;
const domains = new LRUCache<string, { domain: string; name: string }>({ max: MAX_CACHED });

/** A referrer under the page's own registrable domain (shop.example.com, www.example.com) leads nowhere from outside. */
export function toReferrer(referrer: string | undefined, hostname: string): Referrer {
  if (referrer === undefined || referrer === '') return NO_REFERRER;
  const host = parseUrl(referrer)?.hostname ?? '';
  if (host === '' || host === hostname || domainOf(host).domain === domainOf(hostname).domain)
    return NO_REFERRER;
  const known = knownByHost(host);
  return {
    referrer: toHostAndPath(referrer),
    source: known?.source ?? host.replace(/^www\./, ''),
    kind: known?.kind ?? 'other',
  };
}

/** Sites with a domain in many countries: the word before the public suffix names them. */
const WORLDWIDE = ['amazon', 'ebay', 'google', 'idealo', 'lycos', 'pinterest', 'yahoo', 'yandex'];

/** The most exact name that is known: the host, its registrable domain, the word before the public suffix. */
function knownByHost(host: string): KnownSource | undefined {
  const { domain, name } = domainOf(host);
  const exact = knownSource(host) ?? knownSource(domain);
  return exact ?? (WORLDWIDE.includes(name) ? knownSource(name) : undefined);
}

function domainOf(host: string): { domain: string; name: string } {
  const known = domains.get(host);
  if (known !== undefined) return known;
  const { domain, domainWithoutSuffix } = parse(host, OPTIONS);
  // An address, `localhost` or an app's name has no registrable domain: it stands for itself.
  const found = { domain: domain ?? host, name: domainWithoutSuffix ?? host };
  domains.set(host, found);
  return found;
}
