/** What keeps the tag from working in a page, as far as its source and its content security policy tell. */
import type { SiteSettings } from '../../../collector/site-settings.ts';
import type { ReadPage } from './read-page.ts';

/** Closed on purpose: the page that shows them has a sentence for each. */
export const FINDINGS = [
  'unreachable',
  'no_tag',
  'other_site',
  'other_origin',
  'csp_script',
  'csp_connect',
  'host_not_allowed',
  'excluded_path',
  'localhost',
  'insecure',
  'needs_consent',
] as const;
export type Finding = { kind: (typeof FINDINGS)[number]; detail: string };

export type Expected = {
  siteId: string;
  /** Where the tag should load from, without trailing slash. */
  origin: string;
  settings: Pick<SiteSettings, 'allowedHostnames' | 'excludedPaths' | 'consent'>;
  isAllowedHostname: (hostname: string) => boolean;
  isExcludedPath: (path: string) => boolean;
};

/** Empty: nothing stands in the way. */
export function judgePage(page: ReadPage, expected: Expected): Finding[] {
  const url = new URL(page.url);
  const tag = findTag(page.html, expected.siteId);
  if (!tag) return [{ kind: 'no_tag', detail: page.url }, ...judgeAddress(url, expected)];
  const source = new URL(tag.src, url);
  const policies = [...page.policies, ...metaPolicies(page.html)];
  const forbids = (directives: readonly string[], target: URL, nonce?: string) =>
    policies.some((policy) => !allows(policy, directives, target, url, nonce));
  const found: (Finding | false)[] = [
    tag.site !== expected.siteId && { kind: 'other_site', detail: tag.site },
    source.origin !== expected.origin && { kind: 'other_origin', detail: source.href },
    url.protocol === 'https:' && source.protocol === 'http:' && { kind: 'insecure', detail: source.origin },
    forbids(['script-src-elem', 'script-src', 'default-src'], source, tag.nonce) && {
      kind: 'csp_script',
      detail: source.origin,
    },
    forbids(['connect-src', 'default-src'], new URL('/events', source)) && {
      kind: 'csp_connect',
      detail: source.origin,
    },
    (tag.needsConsent || expected.settings.consent === 'required') && { kind: 'needs_consent', detail: '' },
  ];
  return [...found.filter((one) => one !== false), ...judgeAddress(url, expected)];
}

/** What the site's own settings make of the page's address. */
export function judgeAddress(url: URL, { isAllowedHostname, isExcludedPath }: Expected): Finding[] {
  const found: (Finding | false)[] = [
    !isAllowedHostname(url.hostname) && { kind: 'host_not_allowed', detail: url.hostname },
    isExcludedPath(url.pathname) && { kind: 'excluded_path', detail: url.pathname },
    isLocal(url.hostname) && { kind: 'localhost', detail: url.hostname },
  ];
  return found.filter((one) => one !== false);
}

export function isLocal(hostname: string): boolean {
  return /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0)$/.test(hostname);
}

type Tag = { src: string; site: string; nonce: string | undefined; needsConsent: boolean };

/** The page's tag: that of the site if there are several. */
function findTag(html: string, siteId: string): Tag | undefined {
  const tags = [...withoutComments(html).matchAll(/<script\b([^>]*)>/gi)].flatMap(([, inside = '']) => {
    const attributes = attributesOf(inside);
    const src = attributes.get('src') ?? '';
    const site = attributes.get('data-site');
    if (site === undefined && !/\/footfall\.js(\?|$)/.test(src)) return [];
    const needsConsent = attributes.get('data-consent') === 'required';
    return [{ src, site: site ?? '', nonce: attributes.get('nonce'), needsConsent }];
  });
  return tags.find((tag) => tag.site === siteId) ?? tags[0];
}

function metaPolicies(html: string): string[] {
  return [...withoutComments(html).matchAll(/<meta\b([^>]*)>/gi)].flatMap(([, inside = '']) => {
    const attributes = attributesOf(inside);
    const isPolicy = attributes.get('http-equiv')?.toLowerCase() === 'content-security-policy';
    return isPolicy ? [attributes.get('content') ?? ''] : [];
  });
}

function withoutComments(html: string): string {
  return html.replace(/<!--[\s\S]*?-->/g, '');
}

function attributesOf(inside: string): Map<string, string> {
  const found = inside.matchAll(/([^\s"'=<>/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g);
  return new Map(
    [...found].map(([, name = '', double, single, bare]) => [
      name.toLowerCase(),
      decode(double ?? single ?? bare ?? ''),
    ]),
  );
}

function decode(text: string): string {
  return text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'");
}

/** https://www.w3.org/TR/CSP3/#match-url-to-source-list, as far as addresses and nonces go. */
function allows(
  policy: string,
  directives: readonly string[],
  target: URL,
  page: URL,
  nonce?: string,
): boolean {
  const rules = new Map(
    policy.split(';').map((rule) => {
      const [name = '', ...sources] = rule.trim().split(/\s+/);
      return [name.toLowerCase(), sources] as const;
    }),
  );
  const sources = directives.map((name) => rules.get(name)).find((one) => one !== undefined);
  if (sources === undefined) return true;
  if (nonce !== undefined && sources.includes(`'nonce-${nonce}'`)) return true;
  if (sources.includes("'strict-dynamic'")) return false;
  return sources.some((source) => matches(source, target, page));
}

function matches(source: string, target: URL, page: URL): boolean {
  const lower = source.toLowerCase();
  if (lower === '*') return true;
  if (lower === "'self'") return target.host === page.host;
  if (lower.startsWith("'")) return false;
  if (/^[a-z][a-z0-9+.-]*:$/.test(lower)) return target.protocol === lower;
  const parts = /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^/:]+)(?::(\d+|\*))?(\/.*)?$/.exec(lower);
  if (!parts) return false;
  const [, scheme, host = '', port, path] = parts;
  const isScheme = scheme === undefined || target.protocol === `${scheme}:` || isUpgrade(scheme, target);
  const isHost = host.startsWith('*.') ? target.hostname.endsWith(host.slice(1)) : target.hostname === host;
  const isPort = port === '*' || portOf(target) === (port ?? defaultPort(target.protocol));
  const isPath =
    path === undefined || (path.endsWith('/') ? target.pathname.startsWith(path) : target.pathname === path);
  return isScheme && isHost && isPort && isPath;
}

const isUpgrade = (scheme: string, target: URL) => scheme === 'http' && target.protocol === 'https:';
const defaultPort = (protocol: string) => (protocol === 'https:' ? '443' : '80');
const portOf = (url: URL) => url.port || defaultPort(url.protocol);
