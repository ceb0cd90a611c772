/** What only some kinds of event bear, and the properties. */
import type { Properties, TrackedEvent } from '../protocol.ts';
import type { EventRow } from '../row.ts';
import { scrub } from './scrub.ts';

/** Adds to the row; the compiler asks for a case when the protocol gets a kind. */
export function addKindFacts(row: EventRow, event: TrackedEvent): void {
  switch (event.kind) {
    case 'page_view':
      addPageView(row, event);
      return;
    case 'engagement':
      row.engaged_ms = Math.round(event.engagedMs);
      row.scroll_percent = Math.round(event.scrollPercent);
      return;
    case 'custom':
      addOrder(row, event);
      return;
    case 'outbound_link':
    case 'file_download':
    case 'form_submit':
    case 'click':
    case 'rage_click':
    case 'dead_click':
      row.target = scrubTarget(event.target);
      addProperties(row, event.properties);
      return;
    case 'web_vitals': {
      const { lcp, inp, cls, fcp, ttfb } = event;
      addProperties(row, {
        ...(lcp !== undefined && { lcp }),
        ...(inp !== undefined && { inp }),
        ...(cls !== undefined && { cls }),
        ...(fcp !== undefined && { fcp }),
        ...(ttfb !== undefined && { ttfb }),
      });
      return;
    }
    case 'error':
      addError(row, event);
      return;
    case 'identify':
    case 'group':
      addProperties(row, event.properties);
      return;
    case 'reset':
      return;
    default:
      event satisfies never;
  }
}

type Kind<K extends TrackedEvent['kind']> = Extract<TrackedEvent, { kind: K }>;

function addPageView(row: EventRow, event: Kind<'page_view'>): void {
  if (event.title !== undefined) row.title = scrub(event.title);
  if (event.status !== undefined) row.status = Math.floor(event.status);
  addProperties(row, event.properties);
}

function addOrder(row: EventRow, event: Kind<'custom'>): void {
  if (event.revenue !== undefined) {
    // Four decimals, as the column has; toFixed rounds as the shop's own display does.
    row.revenue = event.revenue.amount.toFixed(4);
    row.currency = event.revenue.currency;
  }
  if (event.orderId !== undefined) row.order_id = event.orderId;
  addProperties(row, event.properties);
}

function addError(row: EventRow, { message, target, line, column, stack }: Kind<'error'>): void {
  if (target !== undefined) row.target = scrubTarget(target);
  addProperties(row, {
    message: scrub(message),
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
    ...(stack !== undefined && { stack: scrub(stack) }),
  });
}

/** A link's query may bear anything: only its host and path stay. */
function scrubTarget(target: string): string {
  return scrub(/^[a-z][a-z0-9+.-]*:/i.test(target) ? target.replace(/[?#].*$/s, '') : target);
}

/** Numbers stay numbers; booleans become 'true' and 'false'. */
export function addProperties(row: EventRow, properties: Properties | undefined): void {
  if (properties === undefined) return;
  // Without a prototype, so that a property named __proto__ is a property.
  const texts: Record<string, string> = Object.create(null);
  const numbers: Record<string, number> = Object.create(null);
  let textCount = 0;
  let numberCount = 0;
  for (const name in properties) {
    const value = properties[name];
    if (typeof value === 'number') {
      numbers[name] = value;
      numberCount += 1;
    } else {
      texts[name] = String(value);
      textCount += 1;
    }
  }
  if (textCount > 0) row.properties = texts;
  if (numberCount > 0) row.numeric_properties = numbers;
}
