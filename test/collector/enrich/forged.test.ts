import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isForged } from '../../../collector/enrich/forged.ts';
import { batch, CHROME, openDoors } from '../doors.ts';

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1';
const BRANDS = '"Chromium";v="141", "Google Chrome";v="141", "Not?A_Brand";v="8"';

test.each([
  ['Chrome with its hints', { userAgent: CHROME, brands: BRANDS, acceptLanguage: 'de' }, false],
  ['Chrome over plain HTTP, which sends no hints', { userAgent: CHROME, acceptLanguage: 'de' }, false],
  ['Safari', { userAgent: IPHONE, acceptLanguage: 'en-GB' }, false],
  ['a browser that reads no language', { userAgent: IPHONE, acceptLanguage: undefined }, true],
  ['an app that does not claim to be one', { userAgent: 'MyShop/2.1', acceptLanguage: undefined }, false],
  [
    'automation that forgot the hint beside its user agent',
    { userAgent: CHROME, brands: '"HeadlessChrome";v="141", "Chromium";v="141"', acceptLanguage: 'en' },
    true,
  ],
])('%s', (_, headers, expected) => {
  expect(isForged(headers)).toBe(expected);
});

let doors: Awaited<ReturnType<typeof openDoors>>;
beforeAll(async () => {
  doors = await openDoors();
});
afterAll(() => doors.close());

/** Like curl with a browser's name: these headers and no others. */
function postBare(headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      port: doors.port,
      host: '127.0.0.1',
      path: '/events',
      method: 'POST',
      headers,
    });
    outgoing.on('response', (answer) => resolve(answer.resume().statusCode)).on('error', reject);
    outgoing.end(JSON.stringify(batch()));
  });
}

test('what a forged browser sends is taken, stored and marked as a bot’s', async () => {
  const status = await postBare({ 'user-agent': CHROME });
  await postBare({ 'user-agent': CHROME, 'accept-language': 'en' });

  expect(status).toBe(202);
  expect(doors.rows.map((row) => row.is_bot === true)).toEqual([true, false]);
});
