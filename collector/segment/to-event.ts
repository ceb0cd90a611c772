/** What a message of the Segment spec is in our own words. */
import { cutText } from '../enrich/cut-text.ts';
import type { Whom } from '../import-batch.ts';
import type { Properties, Revenue, TrackedEvent } from '../protocol.ts';
import { LIMITS } from '../protocol.ts';
import { flatten } from './flatten.ts';
import type { Message } from './message.ts';
import { bag } from './message.ts';

export type Translated = {
  event: TrackedEvent;
  whom: Whom;
  /** Two kinds that our own wire does not have. `target` is the user's other id. */
  instead?: { kind: 'screen'; name: string } | { kind: 'alias'; target: string };
};

/** `at` in milliseconds since the epoch; `currency` is the site's, for amounts that name none. */
export function toEvent(message: Message, at: number, currency: string): Translated {
  const whom = toWhom(message);
  const facts = { id: message.messageId, at, url: urlOf(message) };
  switch (message.type) {
    case 'track':
      return { whom, event: { ...facts, kind: 'custom', name: message.name, ...toSale(message, currency) } };
    case 'page':
      return { whom, event: { ...facts, kind: 'page_view', ...toPageFacts(message) } };
    case 'screen': {
      const name = cutText(message.name || 'screen', LIMITS.nameLength);
      const event = { ...facts, kind: 'custom', name, properties: flatten(message.properties) } as const;
      return { whom, event, instead: { kind: 'screen', name } };
    }
    case 'identify':
      return { whom, event: { ...facts, kind: 'identify', properties: flatten(message.traits) } };
    case 'group':
      return { whom, event: { ...facts, kind: 'group', properties: flatten(message.traits) } };
    case 'alias':
      return {
        whom,
        event: { ...facts, kind: 'identify' },
        instead: { kind: 'alias', target: message.previousId ?? '' },
      };
    default:
      return message.type satisfies never;
  }
}

function toWhom({ anonymousId, userId, groupId, context }: Message): Whom {
  const ip = text(context.ip, LIMITS.nameLength);
  const userAgent = text(context.userAgent, LIMITS.urlLength);
  const language = text(context.locale, LIMITS.nameLength);
  const accountId = groupId ?? text(context.groupId, LIMITS.idLength);
  const screenWidth = bag(context.screen).width;
  return {
    ...(anonymousId !== undefined && { anonymousId }),
    ...(userId !== undefined && { userId }),
    ...(accountId !== undefined && { accountId }),
    ...(ip !== undefined && { ip }),
    ...(userAgent !== undefined && { userAgent }),
    ...(language !== undefined && { language }),
    ...(typeof screenWidth === 'number' && screenWidth > 0 && { screenWidth }),
  };
}

function urlOf({ type, properties, context }: Message): string {
  const own = type === 'page' ? text(properties.url, LIMITS.urlLength) : undefined;
  return own ?? text(bag(context.page).url, LIMITS.urlLength) ?? '';
}

/** What the spec lays into `properties` of a page, and we have columns for. */
function toPageFacts({ name, properties, context }: Message): {
  title?: string;
  referrer?: string;
  properties: Properties;
} {
  const page = bag(context.page);
  const title = text(properties.title, LIMITS.titleLength) ?? text(page.title, LIMITS.titleLength) ?? name;
  const referrer = text(properties.referrer, LIMITS.urlLength) ?? text(page.referrer, LIMITS.urlLength);
  const { url: _url, title: _title, referrer: _referrer, path: _path, search: _search, ...own } = properties;
  return {
    ...(title !== '' && { title }),
    ...(referrer !== undefined && { referrer }),
    properties: flatten(own),
  };
}

/** Revenue where the spec's e-commerce events have it. An order's id counts only with its revenue (DESIGN §4, Order). */
function toSale(
  message: Message,
  currency: string,
): { revenue?: Revenue; orderId?: string; properties: Properties } {
  const { properties } = message;
  const flat = flatten(properties);
  const sale = toAmount(message);
  if (sale === undefined) return { properties: flat };
  const orderId = text(properties.order_id ?? properties.orderId, LIMITS.idLength);
  return {
    properties: flat,
    revenue: { amount: sale, currency: toCurrency(properties.currency) ?? currency },
    // A refund names the order it takes back: as its own it would count as that order's repeat.
    ...(orderId !== undefined && sale > 0 && { orderId }),
  };
}

const MAX_AMOUNT = 1e13;

function toAmount({ name, properties }: Message): number | undefined {
  const isRefund = name === 'Order Refunded';
  const isOrder = name === 'Order Completed' || isRefund;
  const stated = properties.revenue ?? (isOrder ? properties.total : undefined);
  const amount = typeof stated === 'string' && stated.trim() !== '' ? Number(stated) : stated;
  if (typeof amount !== 'number' || !(Math.abs(amount) <= MAX_AMOUNT)) return undefined;
  return isRefund ? -Math.abs(amount) : amount;
}

function toCurrency(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Za-z]{3}$/.test(value) ? value.toUpperCase() : undefined;
}

function text(value: unknown, maxLength: number): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? cutText(value, maxLength) : undefined;
}
