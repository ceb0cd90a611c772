/** Campaign parameters and advertisers' click ids: all of a query string that leaves the page unless asked for. */
const CAMPAIGN = 'utm_.+|ref|source|.+cl(k|)id|.braid|li_fat_id';

/** E-mail addresses, and runs of 9 or more digits (telephone, card, account), however they are spaced. */
const PERSONAL = /[\w.+%-]+(@|%40)[\w-]+\.[\w.-]+|(\d([ -]|%20)?){9,}/g;

/**
 * Gives the part of an address that may leave the page: query cut to an allow-list, no fragment unless the site
 * routes by it, personal data masked. `own` lists the site's own parameters (`page,q`; a regular expression each).
 * Throws on what is no URL.
 */
export function cleanUrl(
  href: string,
  own: string | null | undefined,
  keepsHash: boolean,
  keepsCampaign = true,
): string {
  const url = new URL(href, location.href);
  const allowed = RegExp(`^(${keepsCampaign ? CAMPAIGN : ''}|${(own || '').replace(/,/g, '|')})$`);
  for (const name of [...url.searchParams.keys()]) allowed.test(name) || url.searchParams.delete(name);
  if (!keepsHash) url.hash = '';
  return url.href.replace(PERSONAL, '*').slice(0, 2_000);
}
