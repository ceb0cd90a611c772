/** Values that break collectors, as fast-check arbitraries. Tokens are JSON as text, for JSON can say more than JSON.stringify. */
import fc from 'fast-check';
import { CHROME, NOON } from '../doors.ts';
import type { Json, JsonObject } from './doors.ts';

/** How many runs a property gets: some hundreds in `npm test`, thousands with FC_RUNS set. */
export const FC_RUNS = Number(process.env.FC_RUNS ?? 250);

export const NASTY_TEXTS = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ufeff',
  '\ud800',
  '\udc00\ud800',
  'a\udfff',
  '\u2028\u2029',
  '\u202eevil',
  '\r\nset-cookie: a=b',
  '__proto__',
  'constructor',
  'toString',
  'length',
  "'; DROP TABLE events; --",
  '\\',
  '\\N',
  '{a:String}',
  '%00%ff%ud800',
  '%',
  'nan',
  '<script>',
  '9'.repeat(400),
];

const codeUnit = fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit));

/** Any UTF-16, halves of pairs among it, of at most so many units; often just as many, or one too few for a pair. */
export function hostileText(maxLength: number): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom(...NASTY_TEXTS).map((text) => text.slice(0, maxLength)),
    fc.string({ unit: codeUnit, maxLength: Math.min(maxLength, 40) }),
    fc
      .string({ unit: 'grapheme', maxLength: Math.min(maxLength, 20) })
      .map((text) => text.slice(0, maxLength)),
    fc
      .tuple(fc.constantFrom('😀', 'a', '\0', 'é', '@a.b', '4 ', '%20', '../'), fc.nat(3))
      .map(([unit, shift]) => ('x'.repeat(shift) + unit.repeat(maxLength)).slice(0, maxLength)),
  );
}

const NASTY_TOKENS = [
  ...[
    '1e400',
    '-1e400',
    '-0',
    '0',
    '-1',
    '0.5',
    '1E+21',
    '5e-324',
    '1.7976931348623157e308',
    '9007199254740993',
  ],
  ...['4102444799999.9', '4102444800000', '65535.9', '4294967295.9', '1'.repeat(400), '0.'.padEnd(300, '9')],
  ...['true', 'false', 'null', '[]', '{}', '[[]]', '[null]', '{"0":1}', '{"__proto__":{"id":"x"}}'],
  ...['{"constructor":{"prototype":{"x":1}}}', '{"toJSON":1}', '{"length":1e9}', '{"a":1,"a":2}'],
  ...['"\\ud800"', '"\\udc00\\ud83d"', '"\\u0000"', '"\\ufeff"', '{"\\ud800":1,"\\udbff":2}'],
  `${'['.repeat(2_000)}${']'.repeat(2_000)}`,
  `${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`,
  `${'['.repeat(2_000)}"\\ud800"${']'.repeat(2_000)}`,
  `{"${'k'.repeat(30_000)}":1}`,
  `"${'😀'.repeat(2_000)}"`,
  `[${'0,'.repeat(3_000)}0]`,
];

export const nastyTokens: readonly string[] = [
  ...NASTY_TOKENS,
  ...NASTY_TEXTS.map((text) => JSON.stringify(text)),
];

/** JSON text of anything. */
export const hostileToken: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...nastyTokens),
  fc.jsonValue().map((value) => JSON.stringify(value)),
  hostileText(200).map((text) => JSON.stringify(text)),
);

/** Numbers that the wire allows from 0 to `most`, at their limits. */
function hostileNumber(most: number): fc.Arbitrary<number> {
  return fc.oneof(
    fc.constantFrom(0, -0, most, most - 0.5, 0.1, 5e-324, 1e-7),
    fc.double({ min: 0, max: most, noNaN: true }),
  );
}

const anyNumber = fc.oneof(
  fc.constantFrom(-0, 5e-324, 1.7976931348623157e308, 1e21, 2 ** 53 + 2),
  fc.double().filter(Number.isFinite),
);
const properties = fc.dictionary(
  hostileText(100).filter((name) => name !== ''),
  fc.oneof(hostileText(300), anyNumber, fc.boolean()),
  { maxKeys: 6 },
);
export const hostileId = hostileText(60).chain((text) =>
  fc.uuid().map((uuid) => `${uuid}${text}`.slice(0, 100)),
);

const encoded = hostileText(250).map((text) =>
  encodeURIComponent(text.replace(/[\ud800-\udfff]/g, '\ufffd')),
);
export const hostileUrl = fc
  .record({
    host: fc.constantFrom(
      'shop.example',
      'a@[::1]:8080',
      '1.2.3.4',
      'xn--nxasmq6b',
      'EXAMPLE。com',
      `${'a'.repeat(63)}.de`,
      '例え.jp',
    ),
    path: fc.oneof(hostileText(100), encoded),
    parameters: fc.dictionary(
      fc.constantFrom(
        'utm_source',
        'utm_medium',
        'utm_campaign',
        'utm_content',
        'utm_term',
        'ref',
        'gclid',
        'q',
        'page',
      ),
      fc.oneof(hostileText(250), encoded),
    ),
    hash: hostileText(20),
  })
  .map(({ host, path, parameters, hash }) => {
    const query = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
    return `https://${host}/${path}?${query.join('&')}#${hash}`.slice(0, 2_000);
  });

const optional = { requiredKeys: ['kind' as const, 'id' as const, 'at' as const, 'url' as const] };
const shared = {
  id: hostileId,
  at: fc.constant(NOON),
  url: hostileUrl,
  pageView: hostileId,
  seq: hostileNumber(65_535),
};
const vital = hostileNumber(3_600_000);
const target = fc.oneof(hostileText(300), hostileUrl);

/** Events that the wire allows, whatever else may be said of them: those that are taken have to be storable. */
const wellFormedEvent: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.record(
    {
      kind: fc.constant('page_view'),
      ...shared,
      referrer: fc.oneof(hostileUrl, hostileText(200)),
      previousUrl: fc.oneof(hostileUrl, hostileText(200)),
      title: hostileText(300),
      status: hostileNumber(999),
      properties,
    },
    optional,
  ),
  fc.record({
    kind: fc.constant('engagement'),
    ...shared,
    engagedMs: hostileNumber(4_294_967_295),
    scrollPercent: hostileNumber(100),
  }),
  fc.record({
    kind: fc.constant('custom'),
    ...shared,
    name: hostileText(100).filter((text) => text !== ''),
    properties,
    revenue: fc.record({
      amount: fc.oneof(
        fc.constantFrom(-1e13, 1e13, -0, -0.00001, 1e-7, 9_999_999_999_999.99),
        fc.double({ min: -1e13, max: 1e13, noNaN: true }),
      ),
      currency: fc.constantFrom('EUR', 'JPY', 'BHD'),
    }),
    orderId: hostileId,
  }),
  fc.record({
    kind: fc.constantFrom('outbound_link', 'file_download', 'form_submit', 'click', 'dead_click'),
    ...shared,
    target,
    properties,
  }),
  fc.record({
    kind: fc.constant('web_vitals'),
    ...shared,
    lcp: vital,
    inp: vital,
    cls: vital,
    fcp: vital,
    ttfb: vital,
  }),
  fc.record({
    kind: fc.constant('error'),
    ...shared,
    message: hostileText(300),
    target,
    stack: hostileText(400),
    line: hostileNumber(4_294_967_295),
    column: hostileNumber(4_294_967_295),
  }),
  fc.record({ kind: fc.constantFrom('identify', 'group'), ...shared, properties }),
  fc.record({ kind: fc.constant('reset'), ...shared }),
);

const sender = fc.record(
  {
    anonymousId: hostileId,
    userId: hostileId,
    accountId: hostileId,
    consent: fc.constantFrom('granted', 'denied'),
    screenWidth: hostileNumber(100_000),
    test: fc.boolean(),
  },
  { requiredKeys: ['userId', 'accountId'] },
);

/** A batch for `/events` whose every field is allowed. */
export const hostileBatch: fc.Arbitrary<JsonObject> = fc
  .record({ sender, events: fc.array(wellFormedEvent, { minLength: 1, maxLength: 5 }) })
  .map(({ sender: who, events }) => ({ version: 1, site: 'shop', sentAt: NOON, ...who, events }));

export const anyTime = fc.oneof(
  fc.constantFrom(0, -0, 0.5, 4_102_444_799_999, 4_102_444_799_999.5, NOON),
  fc.double({ min: 0, max: 4_102_444_799_999, noNaN: true }),
);
export const hostileAddress = fc.oneof(
  fc.constantFrom('0.0.0.0', '::', '::ffff:1.2.3.4', 'fe80::1%eth0', '1', '0x7f.1', '255.255.255.255'),
  fc.ipV4(),
  fc.ipV6(),
);

/** The same for `/v1/events`: events of any time, each about somebody. */
export const hostileImport: fc.Arbitrary<JsonObject> = fc
  .record({
    sentBy: fc.constantFrom('browser', 'server', 'import'),
    sentAt: anyTime,
    events: fc.array(
      fc
        .tuple(
          wellFormedEvent,
          sender,
          anyTime,
          hostileAddress,
          fc.oneof(hostileText(600), fc.constant(CHROME)),
          hostileText(100),
        )
        .map(
          ([event, who, at, ip, userAgent, language]): Json => ({
            ...event,
            ...who,
            at,
            ip,
            userAgent,
            language,
          }),
        ),
      { minLength: 1, maxLength: 5 },
    ),
  })
  .map((batch) => ({ version: 1, site: 'shop', ...batch }));
