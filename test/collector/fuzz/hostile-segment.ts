/** Messages of the Segment spec, as allowed as they are odd: those that are taken have to be storable. */
import fc from 'fast-check';
import { CHROME } from '../doors.ts';
import type { JsonObject } from './doors.ts';
import { anyTime, hostileAddress, hostileId, hostileText, hostileUrl } from './hostile.ts';

const idOrNumber = fc.oneof(hostileId, fc.double().filter(Number.isFinite), fc.constant(null));
const time = fc.oneof(
  anyTime,
  fc.constantFrom(
    '2026-11-22',
    '2019-03-04T05:06:07.089Z',
    '1970-01-01',
    '2099-12-31T23:59:59.9999999+14:00',
  ),
  fc
    .date({ min: new Date(0), max: new Date(4_102_444_799_999), noInvalidDate: true })
    .map((date) => date.toISOString()),
);

/** Anything JSON, with hostile names and texts in it, some levels deep. */
const tree = fc.dictionary(
  hostileText(120),
  fc.oneof(hostileText(1_100), fc.jsonValue({ maxDepth: 6 }), fc.double()),
  { maxKeys: 6 },
);

const money = fc.oneof(
  fc.double(),
  fc.constantFrom('19.99', '1e13', '-0', 'NaN', ' ', '0x10', '1e400', 1e13, -1e13, 1e-7),
);
const sale = fc.record(
  {
    revenue: money,
    total: money,
    currency: fc.oneof(fc.constantFrom('EUR', 'eur', 'xyz'), hostileText(5)),
    order_id: idOrNumber,
    url: hostileUrl,
    title: hostileText(400),
    referrer: hostileUrl,
  },
  { requiredKeys: [] },
);

const context = fc.record(
  {
    ip: fc.oneof(hostileAddress, hostileText(60)),
    userAgent: fc.oneof(hostileText(600), fc.constant(CHROME)),
    locale: hostileText(120),
    groupId: idOrNumber,
    page: fc.record({ url: hostileUrl, title: hostileText(400), referrer: hostileUrl }, { requiredKeys: [] }),
    screen: fc.record({ width: fc.double() }),
    library: fc.record({ name: fc.constantFrom('analytics.js', 'analytics-node') }),
  },
  { requiredKeys: [] },
);

export const hostileMessage: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      type: fc.constantFrom('track', 'page', 'screen', 'identify', 'group', 'alias'),
      messageId: fc.uuid().chain((uuid) => hostileText(200).map((text) => uuid + text)),
      userId: idOrNumber,
      anonymousId: idOrNumber,
      groupId: hostileId,
      previousId: hostileId,
      event: fc.oneof(
        hostileText(99).map((text) => `e${text}`),
        fc.constantFrom('Order Completed', 'Order Refunded'),
      ),
      name: hostileText(300),
      timestamp: time,
      properties: fc.tuple(tree, sale).map(([anything, known]) => ({ ...anything, ...known })),
      traits: tree,
      context,
    },
    { requiredKeys: ['type', 'messageId', 'event', 'groupId', 'previousId'] },
  )
  // JSON has no other way to say what fast-check makes of it: undefined, NaN, -0.
  .map((message) => JSON.parse(JSON.stringify(message)));

export const hostileMessages: fc.Arbitrary<JsonObject> = fc
  .record({ batch: fc.array(hostileMessage, { minLength: 1, maxLength: 5 }), sentAt: time, context })
  .map((body) => JSON.parse(JSON.stringify(body)));
