import { settings } from './settings.ts';

/**
 * Gives the part of an address that may leave the page: of its query, campaign parameters, click ids and what the site
 * allows; no fragment, unless the site routes by it. E-mail addresses, and runs of 9 or more digits (telephone, card,
 * account; `%20`, `+` and `-` may part them), become `*`. Throws on what is no URL.
 */
export const cleanUrl = (address: string, campaign = 'utm_\\w+|ref|source|\\w*clk?id|.braid|'): string => {
  const url = new URL(address, location.href);
  // A site that names no parameters allows one called `undefined`.
  url.search = (url.search.match(RegExp(`\\b(${campaign}${settings.query})=[^&]*`, 'g')) || []).join('&');
  if (settings.hash == null) url.hash = '';
  return url.href.replace(/[^/=]+(@|%40)[^/&]+|(\d[+%-]?){9,}/g, '*');
};
