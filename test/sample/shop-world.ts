/** What the sample shop is like: where its visitors come from, on what, and what they find. Plausible, not measured. */

/** `intent` scales how far a visit gets: a reader of the newsletter buys more often than a passer-by. */
export type Source = {
  weight: number;
  intent: number;
  referrer?: string;
  utm?: string;
};

export const SOURCES: readonly [Source, ...Source[]] = [
  { weight: 30, intent: 1.1 },
  { weight: 28, intent: 1, referrer: 'https://www.google.com/' },
  { weight: 5, intent: 0.9, referrer: 'https://www.bing.com/' },
  { weight: 4, intent: 0.9, referrer: 'https://duckduckgo.com/' },
  { weight: 9, intent: 0.45, referrer: 'https://www.instagram.com/' },
  { weight: 5, intent: 0.4, referrer: 'https://www.facebook.com/' },
  { weight: 4, intent: 0.5, referrer: 'https://news.ycombinator.com/' },
  { weight: 3, intent: 0.7, referrer: 'https://chatgpt.com/' },
  { weight: 6, intent: 2.1, utm: 'utm_source=newsletter&utm_medium=email&utm_campaign=autumn-sale' },
  { weight: 6, intent: 1.2, utm: 'utm_source=google&utm_medium=cpc&utm_campaign=brand' },
];

/** `slowness` scales how long pages take on it; `vitals` is what its browser measures. */
export type Device = {
  weight: number;
  intent: number;
  screenWidth: number;
  slowness: number;
  vitals: readonly Vital[];
  userAgent: string;
};

export type Vital = 'ttfb' | 'fcp' | 'lcp' | 'inp' | 'cls';
const CHROME: readonly Vital[] = ['ttfb', 'fcp', 'lcp', 'inp', 'cls'];
const FIREFOX: readonly Vital[] = ['ttfb', 'fcp', 'lcp', 'inp'];
const SAFARI: readonly Vital[] = ['ttfb', 'fcp'];

export const DEVICES: readonly [Device, ...Device[]] = [
  {
    weight: 26,
    intent: 1.2,
    screenWidth: 1536,
    slowness: 0.8,
    vitals: CHROME,
    userAgent:
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36',
  },
  {
    weight: 12,
    intent: 1.4,
    screenWidth: 1512,
    slowness: 0.7,
    vitals: SAFARI,
    userAgent:
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Safari/605.1.15',
  },
  {
    weight: 6,
    intent: 1,
    screenWidth: 1920,
    slowness: 0.85,
    vitals: FIREFOX,
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
  },
  {
    weight: 30,
    intent: 0.75,
    screenWidth: 390,
    slowness: 1.1,
    vitals: SAFARI,
    userAgent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1',
  },
  {
    weight: 22,
    intent: 0.65,
    screenWidth: 412,
    slowness: 1.6,
    vitals: CHROME,
    userAgent:
      'Mozilla/5.0 (Linux; Android 16; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Mobile Safari/537.36',
  },
  {
    weight: 4,
    intent: 0.9,
    screenWidth: 1024,
    slowness: 1,
    vitals: SAFARI,
    userAgent:
      'Mozilla/5.0 (iPad; CPU OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1',
  },
];

export const LANDING_PAGES: readonly [Page, ...Page[]] = [
  { weight: 46, path: '/', title: 'Gangway: goods for going places' },
  { weight: 16, path: '/category/shoes', title: 'Shoes' },
  { weight: 9, path: '/category/outdoor', title: 'Outdoor' },
  { weight: 10, path: '/blog/packing-light', title: 'Packing light' },
  { weight: 7, path: '/blog/wool-care', title: 'How to care for wool' },
];

export type Page = { weight: number; path: string; title: string };

export type SampleProduct = { weight: number; id: string; name: string; category: string; price: number };

/** Prices in euros. */
export const PRODUCTS: readonly [SampleProduct, ...SampleProduct[]] = [
  { weight: 9, id: 'trail-runner', name: 'Trail runner', category: 'shoes', price: 89.9 },
  { weight: 11, id: 'city-sneaker', name: 'City sneaker', category: 'shoes', price: 64.5 },
  { weight: 5, id: 'wool-slipper', name: 'Wool slipper', category: 'shoes', price: 39 },
  { weight: 6, id: 'day-pack', name: 'Day pack 18 l', category: 'bags', price: 54.9 },
  { weight: 3, id: 'messenger', name: 'Messenger', category: 'bags', price: 72 },
  { weight: 4, id: 'rain-shell', name: 'Rain shell', category: 'outdoor', price: 129 },
  { weight: 8, id: 'camp-mug', name: 'Camp mug', category: 'outdoor', price: 14.5 },
];

/** First octets of large, long-held national blocks: the country database turns them into countries like any other. */
export const NETWORKS: readonly [Network, ...Network[]] = [
  { weight: 30, prefix: '91.0', language: 'de-DE' },
  { weight: 14, prefix: '86.128', language: 'en-GB' },
  { weight: 13, prefix: '90.0', language: 'fr-FR' },
  { weight: 16, prefix: '73.0', language: 'en-US' },
  { weight: 7, prefix: '84.24', language: 'nl-NL' },
  { weight: 6, prefix: '79.0', language: 'it-IT' },
  { weight: 6, prefix: '83.32', language: 'es-ES' },
  { weight: 4, prefix: '126.0', language: 'ja-JP' },
  { weight: 4, prefix: '189.0', language: 'pt-BR' },
];

export type Network = { weight: number; prefix: string; language: string };
