import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toEventId } from '../../../collector/enrich/event-id.ts';

const TIME = Date.UTC(2026, 10, 22, 12);

function timeIn(id: string): number {
  return Number.parseInt(toEventId(id).replaceAll('-', '').slice(0, 12), 16);
}

test.each([
  ['the snippet’s', `${TIME.toString(36)}abcdefghijkl`],
  [
    'a UUID of version 7',
    `${TIME.toString(16)
      .padStart(12, '0')
      .replace(/^(.{8})/, '$1-')}-7abc-8def-0123456789ab`,
  ],
  ['a ULID', '01KAP0Q800ABCDEFGHJKMNPQRS'],
])('an id that begins with its time keeps it: %s', (_, id) => {
  expect(Math.abs(timeIn(id) - TIME)).toBeLessThan(365 * 86_400_000);
  expect(timeIn(id)).toBeGreaterThan(Date.UTC(2020, 0));
});

test.each([
  ['a random UUID', 'f47ac10b-58cc-4372-a567-0e02b2c3d479'],
  ['a random hexadecimal text', 'ffffffffffffffffffffffffffffffff'],
  ['a number', '17'],
  ['Segment’s', 'ajs-next-1795348800000-f47ac10b-58cc'],
])('any other id has none: %s', (_, id) => {
  expect(timeIn(id)).toBe(0);
});

test('it is a UUID in text, the same for the same id and another for another', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, other) => {
      expect(toEventId(one)).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(toEventId(one) === toEventId(other)).toBe(one === other);
    }),
  );
});
