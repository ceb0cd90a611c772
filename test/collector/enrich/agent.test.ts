import { expect, test } from 'vitest';
import { createAgentOf } from '../../../collector/enrich/agent.ts';

const agentOf = createAgentOf();

/** `user agent → browser version, os version, device`. */
const CASES: Record<string, string> = {
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0':
    'Edge 141, Windows 10, desktop',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15':
    'Safari 18, macOS , desktop',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1':
    'Safari 18, iOS 18.1, mobile',
  'Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1':
    'Safari 17, iOS 17.5, tablet',
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36':
    'Chrome 141, Android 10, mobile',
  'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0':
    'Firefox 140, Ubuntu , desktop',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 OPR/126.0.0.0':
    'Opera 126, Windows 10, desktop',
  'Mozilla/5.0 (SMART-TV; Linux; Tizen 7.0) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/4.0 Chrome/94.0 TV Safari/537.36':
    'Samsung Internet 4, Tizen 7.0, smarttv',
  'something nobody knows': ' ,  , ',
};

test.each(Object.entries(CASES))('%s', (userAgent, expected) => {
  const { browser, browser_version, os, os_version, device } = agentOf({ userAgent });

  expect(`${browser} ${browser_version}, ${os} ${os_version}, ${device}`).toBe(expected);
});

test('client hints tell what a frozen user agent hides', () => {
  const userAgent = Object.keys(CASES)[4] ?? '';
  const windows =
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';

  expect(
    agentOf({
      userAgent: windows,
      brands: '"Brave";v="141", "Not?A_Brand";v="8"',
      platform: '"Windows"',
      platformVersion: '"15.0.0"',
    }),
  ).toMatchObject({ browser: 'Brave', browser_version: '141', os: 'Windows', os_version: '11' });
  expect(
    agentOf({ userAgent, platform: '"Android"', platformVersion: '"16.0.0"', mobile: '?1' }),
  ).toMatchObject({
    os: 'Android',
    os_version: '16',
    device: 'mobile',
  });
});

test.each([
  ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', true],
  ['curl/8.5.0', true],
  ['', true],
  [Object.keys(CASES)[0] ?? '', false],
])('%j is a bot: %s', (userAgent, isBot) => {
  expect(agentOf({ userAgent }).is_bot).toBe(isBot);
});

test('a hostile user agent costs no more than a long one', () => {
  const hostile = [
    'Mozilla/5.0 (',
    '; Android '.repeat(5_000),
    ')'.repeat(1_000),
    `Safari/${'1.'.repeat(9_000)}`,
  ].join('');

  const startedAt = performance.now();
  for (let round = 0; round < 20; round += 1) agentOf({ userAgent: `${round}${hostile}` });

  expect(performance.now() - startedAt).toBeLessThan(500);
});
