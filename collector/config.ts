/** What the operator may set, read once from the environment. Every setting is in the README's table. */
import { resolve } from 'node:path';
import ipaddr from 'ipaddr.js';

/** Durations are milliseconds, sizes bytes, paths absolute. Frozen. */
export type Config = {
  host: string;
  /** 0 lets the system choose a free port. */
  port: number;
  /** Public address without trailing slash; undefined: the address we listen on. */
  publicUrl: string | undefined;
  dataDirectory: string;
  /** undefined: in the data directory. Several collectors before one server share one. */
  saltsDirectory: string | undefined;
  /** undefined: the embedded engine. */
  clickHouse: ServerAddress | undefined;
  /** Addresses or ranges (CIDR) whose `X-Forwarded-For` is believed. */
  trustedProxies: readonly string[];
  /** undefined: on if the public address is this machine itself. */
  demo: boolean | undefined;
  /** Path of an mmdb file; undefined: the country database that comes with Footfall. */
  countryDatabase: string | undefined;
  /** E-mail address of the owner whom the first start creates. */
  ownerEmail: string;
  /** Whoever bears it may read /metrics; undefined: this machine alone may. */
  metricsToken: string | undefined;
  /** Where to tell of trouble, as JSON by POST; undefined: in the log and the dashboard only. */
  webhook: string | undefined;
  /** undefined: text for a terminal, JSON otherwise. */
  logFormat: 'text' | 'json' | undefined;
  engineMemoryBytes: number;
  spoolMaxBytes: number;
  /** Events a second, ten times as many at once; 0: no limit. */
  eventsPerAddress: number;
  eventsPerSite: number;
};

export type ServerAddress = {
  url: string;
  user: string;
  password: string;
  database: string;
  /** For reports, if there is one: read-only and limited by grants and a profile of the server's own. */
  reader: { user: string; password: string } | undefined;
};

/** One or more bad variables; the message names each with what was expected and found, one line each. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Turns a text into a setting, or throws an Error whose message says what is expected. */
type Parse<T> = (text: string) => T;

/** Throws ConfigError. An empty variable counts as absent. */
export function readConfig(environment: Environment): Config {
  const problems: string[] = [];
  const known = new Set<string>();

  function read<T, Default>(name: string, parse: Parse<T>, fallback: Default): T | Default {
    known.add(name);
    const text = environment[name]?.trim();
    if (!text) return fallback;
    try {
      return parse(text);
    } catch (error) {
      const expected = error instanceof Error ? error.message : String(error);
      const found = /PASSWORD$|TOKEN$|WEBHOOK$/.test(name) ? '' : `, got "${text}"`;
      problems.push(`${name}: expected ${expected}${found}`);
      return fallback;
    }
  }

  const url = read('FOOTFALL_CLICKHOUSE_URL', webAddress, undefined);
  const server = {
    user: read('FOOTFALL_CLICKHOUSE_USER', asIs, 'default'),
    password: read('FOOTFALL_CLICKHOUSE_PASSWORD', asIs, ''),
    database: read('FOOTFALL_CLICKHOUSE_DATABASE', identifier, 'footfall'),
    reader: toReader(
      read('FOOTFALL_CLICKHOUSE_READER', asIs, undefined),
      read('FOOTFALL_CLICKHOUSE_READER_PASSWORD', asIs, ''),
    ),
  };
  const config: Config = {
    host: read('HOST', host, '127.0.0.1'),
    port: read('PORT', portNumber, 8000),
    publicUrl: read('FOOTFALL_URL', webAddress, undefined),
    dataDirectory: read('FOOTFALL_DATA', resolve, resolve('data')),
    saltsDirectory: read('FOOTFALL_SALTS', resolve, undefined),
    clickHouse: url === undefined ? undefined : { url, ...server },
    trustedProxies: Object.freeze(read('FOOTFALL_TRUSTED_PROXIES', addressRanges, [])),
    demo: read('FOOTFALL_DEMO', onOrOff, undefined),
    countryDatabase: read('FOOTFALL_COUNTRY_DATABASE', resolve, undefined),
    ownerEmail: read('FOOTFALL_OWNER', emailAddress, 'owner@localhost'),
    metricsToken: read('FOOTFALL_METRICS_TOKEN', secret, undefined),
    webhook: read('FOOTFALL_WEBHOOK', anyWebAddress, undefined),
    logFormat: read('FOOTFALL_LOG', logFormat, undefined),
    engineMemoryBytes: read('FOOTFALL_ENGINE_MEMORY_MB', megabytes(300), 1_200 * MEGABYTE),
    spoolMaxBytes: read('FOOTFALL_SPOOL_MAX_MB', megabytes(16), 2_000 * MEGABYTE),
    eventsPerAddress: read('FOOTFALL_EVENTS_PER_ADDRESS', eventsPerSecond, 100),
    eventsPerSite: read('FOOTFALL_EVENTS_PER_SITE', eventsPerSecond, 0),
  };

  for (const name of Object.keys(environment)) {
    if (/^FOOTFALL_(?!TEST_|BROWSER$)/.test(name) && !known.has(name)) {
      problems.push(`${name}: no such setting; expected one of ${[...known].sort().join(', ')}`);
    }
  }
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return Object.freeze(config);
}

function toReader(user: string | undefined, password: string) {
  return user === undefined ? undefined : { user, password };
}

const MEGABYTE = 1_000_000;

function asIs(text: string): string {
  return text;
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new Error('a port between 0 and 65535');
  return port;
}

function host(text: string): string {
  if (/[\s/]|:\d+$/.test(text) && !ipaddr.isValid(text))
    throw new Error('an address or host name to listen on');
  return text;
}

function anyWebAddress(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new Error('an address like https://hooks.example.com/footfall');
  }
  return text;
}

function logFormat(text: string): 'text' | 'json' {
  if (text === 'text' || text === 'json') return text;
  throw new Error('text or json');
}

function secret(text: string): string {
  if (text.length < 16) throw new Error('at least 16 characters');
  return text;
}

function webAddress(text: string): string {
  const expected = 'an address like https://stats.example.com without user, password, query or fragment';
  if (!URL.canParse(text)) throw new Error(expected);
  const url = new URL(text);
  const isPlain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (!/^https?:$/.test(url.protocol) || !isPlain) throw new Error(expected);
  return url.href.replace(/\/$/, '');
}

function identifier(text: string): string {
  if (!/^[a-z_][a-z0-9_]*$/i.test(text)) throw new Error('letters, digits and underscores');
  return text;
}

function addressRanges(text: string): string[] {
  const ranges = text.split(',').map((range) => range.trim());
  for (const range of ranges) {
    if (!ipaddr.isValid(range) && !ipaddr.isValidCIDR(range)) {
      throw new Error('IP addresses or ranges like 10.0.0.0/8, separated by commas');
    }
  }
  return ranges;
}

function onOrOff(text: string): boolean {
  if (/^(on|1|true|yes)$/i.test(text)) return true;
  if (/^(off|0|false|no)$/i.test(text)) return false;
  throw new Error('on or off');
}

function emailAddress(text: string): string {
  if (!/^[^\s@]+@[^\s@]+$/.test(text)) throw new Error('an e-mail address');
  return text.toLowerCase();
}

function eventsPerSecond(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error('a whole number of events a second, or 0 for no limit');
  return Number(text);
}

function megabytes(least: number): Parse<number> {
  return (text) => {
    if (!/^\d+$/.test(text) || Number(text) < least)
      throw new Error(`a whole number of megabytes, at least ${least}`);
    return Number(text) * MEGABYTE;
  };
}
