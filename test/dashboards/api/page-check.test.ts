import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toSite } from '../../../collector/sites.ts';
import { type Expected, judgePage } from '../../../dashboards/api/page-check/judge-page.ts';
import {
  createPageReader,
  isPublicAddress,
  UnreadablePageError,
} from '../../../dashboards/api/page-check/read-page.ts';

const TAG = '<script defer src="https://count.example/footfall.js" data-site="shop"></script>';

function expectedOf(settings: Record<string, unknown> = {}): Expected {
  const site = toSite({
    site_id: 'shop',
    time_zone: 'UTC',
    currency: 'EUR',
    is_sample: false,
    settings: JSON.stringify(settings),
  });
  if (!site) throw new Error('"shop" is a site id');
  return { ...site, siteId: 'shop', origin: 'https://count.example' };
}

type Look = { html?: string; policies?: string[]; url?: string; settings?: Record<string, unknown> };

function judge({
  html = TAG,
  policies = [],
  url = 'https://www.shop.example/',
  settings = {},
}: Look): string[] {
  return judgePage({ url, html, policies }, expectedOf(settings)).map(
    ({ kind, detail }) => `${kind} ${detail}`,
  );
}

test('a page that bears the tag, without a policy, has nothing in the way', () => {
  expect(judge({})).toEqual([]);
});

test.each<[string, Look, string[]]>([
  ['no tag', { html: '<p>Hello' }, ['no_tag https://www.shop.example/']],
  ['a tag in a comment', { html: `<!-- ${TAG} -->` }, ['no_tag https://www.shop.example/']],
  ['another site’s tag', { html: TAG.replace('"shop"', "'blog'") }, ['other_site blog']],
  ['its own tag beside another', { html: TAG.replace('"shop"', '"blog"') + TAG }, []],
  [
    'a tag from elsewhere',
    { html: TAG.replace('count.example', 'old.example') },
    ['other_origin https://old.example/footfall.js'],
  ],
  [
    'a policy without us',
    { policies: ["default-src 'self'"] },
    ['csp_script https://count.example', 'csp_connect https://count.example'],
  ],
  [
    'a policy that lets the script in and nothing out',
    { policies: ["script-src 'self' https://count.example; connect-src 'self'"] },
    ['csp_connect https://count.example'],
  ],
  ['a policy for a wildcard host', { policies: ['script-src *.example; connect-src https:'] }, []],
  [
    'a policy for another port',
    { policies: ['script-src count.example:8443; connect-src *'] },
    ['csp_script https://count.example'],
  ],
  [
    'a nonce that the tag bears',
    { html: TAG.replace('defer', 'nonce="abc"'), policies: ["script-src 'nonce-abc' 'strict-dynamic'"] },
    [],
  ],
  [
    'strict-dynamic without a nonce',
    { policies: ["script-src 'strict-dynamic' https://count.example"] },
    ['csp_script https://count.example'],
  ],
  [
    'a policy in the page itself',
    { html: `<meta http-equiv="Content-Security-Policy" content="script-src 'self'">${TAG}` },
    ['csp_script https://count.example'],
  ],
  [
    'a second policy that is stricter',
    { policies: ['script-src *', "script-src 'self'"] },
    ['csp_script https://count.example'],
  ],
  [
    'a host that may not send',
    { settings: { allowedHostnames: ['*.blog.example'] } },
    ['host_not_allowed www.shop.example'],
  ],
  [
    'a path that is not counted',
    { url: 'https://www.shop.example/admin/x', settings: { excludedPaths: ['/admin/*'] } },
    ['excluded_path /admin/x'],
  ],
  ['localhost', { url: 'http://localhost:3000/' }, ['localhost localhost']],
  [
    'http on https',
    { html: TAG.replace('https://count', 'http://count') },
    ['other_origin http://count.example/footfall.js', 'insecure http://count.example'],
  ],
  ['consent', { html: TAG.replace('defer', 'data-consent=required') }, ['needs_consent ']],
])('of %s it says so', (_, look, expected) => {
  expect(judge(look)).toEqual(expected);
});

let server: Server;
let base: string;
const asked: string[] = [];

beforeAll(async () => {
  server = createServer((incoming: IncomingMessage, response: ServerResponse) => {
    asked.push(incoming.url ?? '');
    const moved: Record<string, string> = {
      '/old': '/page',
      '/loop': '/loop',
      '/inside': 'http://10.0.0.7/secret',
    };
    const target = moved[incoming.url ?? ''];
    if (target) response.writeHead(302, { location: target }).end();
    else if (incoming.url === '/gone') response.writeHead(410).end();
    else response.writeHead(200, { 'content-security-policy': "script-src 'self'" }).end(TAG);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // A TCP server has such an address.
});
afterAll(() => server.close());

const readOwn = createPageReader((address) => address === '127.0.0.1');

test('a page is read with its policy, also where it has moved', async () => {
  expect(await readOwn(`${base}/old`)).toEqual({
    url: `${base}/page`,
    html: TAG,
    policies: ["script-src 'self'"],
  });
});

test.each([
  ['/gone', 'it answered 410'],
  ['/loop', 'it redirects too often'],
  ['/inside', 'it lies in a private network, where Footfall does not read'],
])('%s cannot be read, and it says why', async (path, why) => {
  await expect(readOwn(`${base}${path}`)).rejects.toThrow(new UnreadablePageError(why));
});

test('without leave no byte goes into a private network, by whatever name', async () => {
  asked.length = 0;
  const read = createPageReader();

  for (const url of [base, base.replace('127.0.0.1', 'localhost'), 'http://[::1]/', 'http://2130706433/']) {
    await expect(read(url)).rejects.toThrow(/private network|no host/);
  }
  await expect(read('file:///etc/hostname')).rejects.toThrow(/expected http/);
  expect(asked).toEqual([]);
});

test.each([
  ['93.184.215.14', true],
  ['2606:2800:21f:cb07:6820:80da:af6b:8b2c', true],
  ['10.1.2.3', false],
  ['172.16.0.1', false],
  ['192.168.1.1', false],
  ['169.254.169.254', false],
  ['100.64.0.1', false],
  ['0.0.0.0', false],
  ['::1', false],
  ['::ffff:127.0.0.1', false],
  ['fd00::1', false],
  ['fe80::1', false],
])('%s is public: %s', (address, isPublic) => {
  expect(isPublicAddress(address)).toBe(isPublic);
});
