/** What an event that was not stored says of itself, as far as one may show it: no address, nobody's e-mail, no query. */
import ipaddr from 'ipaddr.js';
import { cutText } from './enrich/cut-text.ts';
import { parsePageUrl } from './enrich/page-url.ts';
import { scrub } from './enrich/scrub.ts';

/** '' where the event does not say it, or says it wrongly. */
export type Glimpse = { kind: string; name: string; path: string };

const MOST_LETTERS = 200;
const NO_QUERY = { queryAllowList: [], keepFragment: false };
// As broad as it is cheap: what it finds is only taken for an address if it is one.
const ADDRESS_LIKE = /\d{1,3}(?:\.\d{1,3}){3}|[\da-f]{0,4}(?::[\da-f]{0,4}){2,7}(?:\.\d{1,3}){0,3}/gi;

/** `sent` is an event of the wire, a message of Segment's API, or anything at all. Never throws. */
export function toGlimpse(sent: unknown): Glimpse {
  const event = bag(sent);
  const context = bag(bag(event.context).page);
  const url = text(event.url) || text(bag(event.properties).url) || text(context.url);
  return {
    kind: showable(text(event.kind) || text(event.type)),
    name: showable(text(event.name) || text(event.event)),
    path: showable(url.length > 2_000 ? '' : (parsePageUrl(url, NO_QUERY)?.path ?? '')),
  };
}

/** A text of a stranger's as it may be shown: short, and with `[address]`, `[email]`, `[card]` in their places. */
export function showable(said: string): string {
  const short = cutText(said, MOST_LETTERS);
  return scrub(short.replace(ADDRESS_LIKE, (found) => (ipaddr.isValid(found) ? '[address]' : found)));
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function bag(value: unknown): Record<string, unknown> {
  // What is an object may be asked for any name.
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
