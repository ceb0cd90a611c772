/** What the sender's user agent and client hints say: browser, operating system, device, bot or not. */
import { isbot } from 'isbot';
import { UAParser } from 'ua-parser-js';
import { toOwnText } from './own-text.ts';
import { createRecent } from './recent.ts';

export type Agent = {
  browser: string;
  browser_version: string;
  os: string;
  os_version: string;
  /** 'desktop', 'mobile', 'tablet', 'smarttv', 'console', 'wearable', 'embedded', or ''. */
  device: string;
  is_bot: boolean;
};

/** The headers that say it. Chromium sends the first three hints unasked, over HTTPS. */
export type AgentHeaders = {
  userAgent: string;
  brands?: string | undefined;
  mobile?: string | undefined;
  platform?: string | undefined;
  platformVersion?: string | undefined;
};

// Longer texts are forged or broken, and the parser's time grows with the length.
const MAX_USER_AGENT = 512;
const MAX_HINT = 256;
const CACHED = 2_000;

/** Parsing costs 50 µs, so what was parsed is kept: at most 4,000 different senders, a few megabytes. */
export function createAgentOf(): (headers: AgentHeaders) => Agent {
  const cache = createRecent<string, Agent>(CACHED);
  return (headers) => {
    const key = toKey(headers);
    const known = cache.get(key);
    if (known !== undefined) return known;
    const agent = parseAgent(cap(headers));
    cache.set(toOwnText(key), agent);
    return agent;
  };
}

/** Joined only where there are hints, for Firefox and Safari send none. What is longer than the parser reads is cut. */
function toKey({ userAgent, brands, mobile, platform, platformVersion }: AgentHeaders): string {
  const hints = `${brands ?? ''}\n${mobile ?? ''}\n${platform ?? ''}\n${platformVersion ?? ''}`;
  const agent = userAgent.length > MAX_USER_AGENT ? userAgent.slice(0, MAX_USER_AGENT) : userAgent;
  return hints.length === 3 ? agent : `${agent}\n${hints.slice(0, 3 * MAX_HINT)}`;
}

function cap({ userAgent, brands, mobile, platform, platformVersion }: AgentHeaders) {
  return {
    userAgent: userAgent.slice(0, MAX_USER_AGENT),
    brands: (brands ?? '').slice(0, MAX_HINT),
    mobile: (mobile ?? '').slice(0, 4),
    platform: unquote((platform ?? '').slice(0, MAX_HINT)),
    platformVersion: unquote((platformVersion ?? '').slice(0, MAX_HINT)),
  };
}

type CappedHeaders = ReturnType<typeof cap>;

function parseAgent(headers: CappedHeaders): Agent {
  const parsed = new UAParser(headers.userAgent).getResult();
  const brand = readBrand(headers.brands);
  const os = toOs(parsed.os.name ?? '', parsed.os.version ?? '', headers);
  return {
    browser: brand?.browser ?? toBrowser(parsed.browser.name ?? ''),
    browser_version: brand?.version ?? majorOf(parsed.browser.version ?? ''),
    ...os,
    device: toDevice(parsed.device.type, os.os, headers.mobile),
    is_bot: headers.userAgent === '' || isbot(headers.userAgent),
  };
}

/** Phones' variants of a browser count as that browser: the device says what they ran on. */
function toBrowser(name: string): string {
  const plain = name.replace(/^Mobile | Headless$| WebView$| Mobi$| Mobile$/, '');
  return plain === 'Chromium' ? 'Chrome' : plain;
}

function majorOf(version: string): string {
  return /^\d+/.exec(version)?.[0] ?? '';
}

/** Brands that wear Chrome's user agent and tell their name only in the hint. */
const BRANDS: Record<string, string> = {
  Brave: 'Brave',
  DuckDuckGo: 'DuckDuckGo',
  'Microsoft Edge': 'Edge',
  'Microsoft Edge WebView2': 'Edge',
  Opera: 'Opera',
  'Opera GX': 'Opera',
  'Samsung Internet': 'Samsung Internet',
  Vivaldi: 'Vivaldi',
  YaBrowser: 'Yandex',
  'Yandex Browser': 'Yandex',
};

function readBrand(brands: string): { browser: string; version: string } | undefined {
  for (const [, name = '', version = ''] of brands.matchAll(/"([^"]{1,40})";v="(\d{1,4})/g)) {
    const browser = Object.hasOwn(BRANDS, name) ? BRANDS[name] : undefined;
    if (browser !== undefined) return { browser, version };
  }
  return undefined;
}

function toOs(name: string, version: string, hints: CappedHeaders): { os: string; os_version: string } {
  const os = toOsName(name, hints.platform);
  if (os === 'Windows' && hints.platformVersion !== '') {
    // https://learn.microsoft.com/microsoft-edge/web-platform/how-to-detect-win11: 13 and above is Windows 11.
    return { os, os_version: Number(majorOf(hints.platformVersion)) >= 13 ? '11' : '10' };
  }
  // Chrome and Safari have frozen macOS at 10.15.7, Windows at 10 and Android at 10 in their user agents.
  if (os === 'macOS') return { os, os_version: majorOf(hints.platformVersion) };
  if (os === 'Android' && hints.platformVersion !== '')
    return { os, os_version: majorOf(hints.platformVersion) };
  return { os, os_version: /^[\w.]{1,12}/.exec(version)?.[0] ?? '' };
}

function toOsName(parsed: string, platform: string): string {
  if (platform === 'Chrome OS' || platform === 'Chromium OS' || parsed === 'Chromium OS') return 'ChromeOS';
  if (platform === 'macOS' || parsed === 'Mac OS') return 'macOS';
  if (platform === 'Android' || platform === 'Windows' || platform === 'Linux') return platform;
  return parsed;
}

function toDevice(type: string | undefined, os: string, mobileHint: string): string {
  if (type !== undefined) return type;
  if (mobileHint === '?1') return 'mobile';
  return os === '' ? '' : 'desktop';
}

function unquote(hint: string): string {
  return hint.startsWith('"') && hint.endsWith('"') ? hint.slice(1, -1) : hint;
}
