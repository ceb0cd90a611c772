/** What happens in one planned visit, act by act. Both the requests and the truth are made from these. */
import type { Person, Visit } from './plan.ts';
import { type Vitals, vitalsOf } from './vitals.ts';

export type Act =
  | { at: number; kind: 'page_view'; path: string; title: string; isSinglePage: boolean }
  | { at: number; kind: 'engagement'; engagedMs: number; scrollPercent: number }
  | { at: number; kind: 'web_vitals'; vitals: Vitals }
  | { at: number; kind: 'custom'; name: string; properties: Record<string, string | number>; order?: Order };

export type Order = { id: string; amount: number };

export const ORIGIN = 'https://gangway.example';

/** In the order they happen; no two at the same millisecond. Deterministic. */
export function actsOf(person: Person, visit: Visit): Act[] {
  const acts: Act[] = [];
  let at = visit.startsAt;
  let page = 0;
  const device = person.devices[visit.device];

  function view(path: string, title: string, isSinglePage = false): void {
    acts.push({ at, kind: 'page_view', path, title, isSinglePage });
    const engagedMs = visit.engagedMs[page++] ?? 5_000;
    at += engagedMs + 700;
    // What is measured travels when the page is left; a single-page navigation measures nothing anew.
    if (device && !isSinglePage)
      acts.push({ at: at - 50, kind: 'web_vitals', vitals: vitalsOf(device, path, at % 2 ** 31) });
    acts.push({
      at,
      kind: 'engagement',
      engagedMs,
      scrollPercent: Math.min(100, 20 + engagedMs / 1_000) | 0,
    });
    at += 300;
  }
  function act(name: string, properties: Record<string, string | number>, order?: Order): void {
    acts.push({ at, kind: 'custom', name, properties, ...(order && { order }) });
    at += 900;
  }

  const { product } = visit;
  view(visit.landing.path, visit.landing.title);
  for (let extra = 0; extra < visit.extraPages; extra++) view(...extraPage(visit, extra));
  if (visit.depth === 'landing') return acts;
  view(`/product/${product.id}`, product.name);
  if (visit.depth === 'product') return acts;
  act('Add to cart', { product: product.name, category: product.category, price: product.price });
  view('/cart', 'Your cart');
  if (visit.depth === 'cart') return acts;
  view('/checkout', 'Checkout');
  view('/checkout/delivery', 'Checkout: delivery', true);
  if (visit.depth === 'checkout') return acts;
  view('/checkout/payment', 'Checkout: payment', true);
  const order = { id: `order-${person.id}-${visit.startsAt}`, amount: product.price };
  view('/thank-you', 'Thank you');
  act('Purchase', { items: 1, category: product.category }, order);
  // A reloaded thank-you page tells of the same order again: it must not count twice.
  if (visit.extraPages === 4) act('Purchase', { items: 1, category: product.category }, order);
  return acts;
}

function extraPage({ product, startsAt }: Visit, extra: number): [path: string, title: string] {
  const choice = (startsAt + extra) % 4;
  if (choice === 0) return ['/', 'Gangway: goods for going places'];
  if (choice === 1) return [`/category/${product.category}`, product.category];
  if (choice === 2) return ['/about', 'About us'];
  return ['/shipping', 'Shipping and returns'];
}
