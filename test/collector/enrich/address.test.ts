import { expect, test } from 'vitest';
import { createAddressMatcher, toClientAddress } from '../../../collector/enrich/address.ts';

const isTrusted = createAddressMatcher(['10.0.0.0/8', '2001:db8::/32', '192.0.2.7']);

test.each([
  ['no proxy is trusted unless listed', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
  ['a trusted proxy is believed', '10.0.0.1', '198.51.100.1', '198.51.100.1'],
  [
    'the rightmost untrusted address counts, what stands left of it may be forged',
    '10.0.0.1',
    '1.1.1.1, 198.51.100.1, 10.2.3.4',
    '198.51.100.1',
  ],
  ['proxies may be IPv6', '2001:db8::5', '2001:0DB9:0::1', '2001:db9::1'],
  ['IPv4 in IPv6 is IPv4', '::ffff:192.0.2.7', '198.51.100.1', '198.51.100.1'],
  ['a port is dropped', '10.0.0.1', '198.51.100.1:4711', '198.51.100.1'],
  ['a port behind IPv6 too', '10.0.0.1', '[2001:db9::1]:4711', '2001:db9::1'],
  ['nonsense ends the belief', '10.0.0.1', '1.1.1.1, <script>, 10.0.0.2', '10.0.0.2'],
  ['if all are trusted, the leftmost', '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
  ['no header', '10.0.0.1', undefined, '10.0.0.1'],
  ['an empty header', '10.0.0.1', '', '10.0.0.1'],
])('%s', (_, socket, forwarded, expected) => {
  expect(toClientAddress(socket, forwarded, isTrusted)).toBe(expected);
});

test('a range that is none is named', () => {
  expect(() => createAddressMatcher(['10.0.0.0/33'])).toThrow(
    'Expected an address or a CIDR range like 10.0.0.0/8, got "10.0.0.0/33"',
  );
});
