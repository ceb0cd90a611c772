import { expect, test } from 'vitest';
import { parsePageUrl } from '../../../collector/enrich/page-url.ts';
import { scrub } from '../../../collector/enrich/scrub.ts';

const POLICY = { queryAllowList: ['q', 'page'], keepFragment: false };

function parse(url: string, policy = POLICY) {
  const page = parsePageUrl(url, policy);
  return page && { hostname: page.hostname, path: page.path, query: page.query };
}

test.each([
  ['https://Shop.Example/Tea', { hostname: 'shop.example', path: '/Tea', query: '' }],
  ['https://shop.example', { hostname: 'shop.example', path: '/', query: '' }],
  ['http://localhost:8000/a?q=b&token=c', { hostname: 'localhost', path: '/a', query: 'q=b' }],
  ['https://shop.example/%E8%8C%B6', { hostname: 'shop.example', path: '/茶', query: '' }],
  ['https://shop.example/%FF', { hostname: 'shop.example', path: '/%FF', query: '' }],
  ['https://shop.example/#/cart', { hostname: 'shop.example', path: '/', query: '' }],
  ['https://shop.example/u/ann@mail.example', { hostname: 'shop.example', path: '/u/[email]', query: '' }],
  ['https://shop.example/?q=ann%40mail.example', { hostname: 'shop.example', path: '/', query: 'q=[email]' }],
  ['https://[bad', undefined],
  ['https://', undefined],
])('%s', (url, expected) => {
  expect(parse(url)).toEqual(expected);
});

test('a site that routes by its fragment keeps it', () => {
  expect(parse('https://shop.example/#/cart', { ...POLICY, keepFragment: true })?.path).toBe('/#/cart');
});

test.each([
  ['4111 1111 1111 1111', '[card]'],
  ['pay/5555555555554444/done', 'pay/[card]/done'],
  ['order 4111111111111112', 'order 4111111111111112'],
  ['at 1795348800000', 'at 1795348800000'],
  ['write to ann.lee+tea@mail.co.uk now', 'write to [email] now'],
  ['no address: @ann', 'no address: @ann'],
])('%s → %s', (text, expected) => {
  expect(scrub(text)).toBe(expected);
});
