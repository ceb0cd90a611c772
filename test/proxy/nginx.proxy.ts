/** scripts/nginx.conf as it stands, in a real nginx over TLS, with a real browser before it: `npm run test:proxy`. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Request } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { joinDatabase } from '../../collector/database.ts';
import { launchBrowser } from '../browser/browser.ts';
import { startTestServer, type TestServer } from '../server.ts';

const NGINX = process.env.FOOTFALL_TEST_NGINX ?? 'nginx';
/** Any free one would do: nginx cannot be asked which it got. */
const PORT = 20_000 + (process.pid % 20_000);
const AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0';

let directory: string;
let server: TestServer;
let nginx: ChildProcess;
let browser: Browser;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'footfall-nginx-'));
  server = await startTestServer({
    env: { FOOTFALL_URL: `https://stats.example.com:${PORT}`, FOOTFALL_TRUSTED_PROXIES: '127.0.0.1' },
  });
  writeConfiguration();
  nginx = spawn(NGINX, ['-c', join(directory, 'nginx.conf'), '-p', directory], { stdio: 'inherit' });
  browser = await launchBrowser([`--host-resolver-rules=MAP *.example.com 127.0.0.1`]);
});
afterAll(async () => {
  await browser?.close();
  if (nginx) {
    nginx.kill('SIGTERM');
    await once(nginx, 'exit');
  }
  await server?.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** The example itself; only ports, certificates and the web root are put in place. */
function writeConfiguration(): void {
  const certificate = join(directory, 'certificate.pem');
  const key = join(directory, 'key.pem');
  const subject = ['-subj', '/CN=*.example.com', '-addext', 'subjectAltName=DNS:*.example.com'];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-keyout',
      key,
      '-out',
      certificate,
      ...subject,
    ],
    { stdio: 'ignore' },
  );
  mkdirSync(join(directory, 'html'));
  writeFileSync(
    join(directory, 'html/index.html'),
    '<!doctype html><title>Own site</title><script defer src="/visits/footfall.js" data-site="my-site"></script>',
  );
  const example = readFileSync(join(import.meta.dirname, '../../scripts/nginx.conf'), 'utf8')
    .replace('server 127.0.0.1:8000', `server ${new URL(server.url).host}`)
    .replaceAll('listen 443 ssl', `listen 127.0.0.1:${PORT} ssl`)
    .replaceAll(/ssl_certificate +\S+;/g, `ssl_certificate ${certificate};`)
    .replaceAll(/ssl_certificate_key +\S+;/g, `ssl_certificate_key ${key};`)
    .replace('root /var/www/html', `root ${join(directory, 'html')}`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${join(directory, name)};`)
    .join('\n');
  writeFileSync(
    join(directory, 'nginx.conf'),
    `daemon off;\nmaster_process off;\npid ${join(directory, 'pid')};\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\ntypes { text/html html; }\n${temporary}\n${example}\n}\n`,
  );
}

async function stored(
  name: string,
): Promise<{ visitor: string; hostname: string; path: string; kind: string }[]> {
  const database = joinDatabase(join(server.dataDirectory, 'clickhouse'));
  try {
    const sql =
      'SELECT toString(visitor_id) AS visitor, hostname, path, kind FROM events WHERE path = {path:String} ORDER BY time';
    return (
      await database.storage.query<{ visitor: string; hostname: string; path: string; kind: string }>(sql, {
        parameters: { path: name },
      })
    ).rows;
  } finally {
    await database.close();
  }
}

/** A visitor's browser at another address of this machine. */
function sendFrom(localAddress: string, path: string, headers: Record<string, string> = {}): Promise<number> {
  const at = Date.now();
  const id = `nginx-${at}-${Math.random().toString(36).slice(2)}`;
  const event = { id, at, url: `https://www.example.com${path}`, kind: 'page_view' };
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: '127.0.0.1',
        port: PORT,
        path: '/visits/events',
        method: 'POST',
        servername: 'www.example.com',
        rejectUnauthorized: false,
        localAddress,
        headers: { host: 'www.example.com', 'content-type': 'text/plain', 'user-agent': AGENT, ...headers },
      },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    call.on('error', reject);
    call.end(JSON.stringify({ version: 1, site: 'my-site', sentAt: at, events: [event] }));
  });
}

test('a page view of the own site arrives through the first-party path, from a real browser over TLS', async () => {
  const page = await browser.newPage({ ignoreHTTPSErrors: true });
  const asked: Request[] = [];
  page.on('request', (one) => asked.push(one));

  await page.goto(`https://www.example.com:${PORT}/index.html`);
  await expect.poll(() => stored('/index.html')).toHaveLength(1);

  expect((await stored('/index.html'))[0]).toMatchObject({ hostname: 'www.example.com', kind: 'page_view' });
  const paths = asked.map((one) => new URL(one.url()).pathname);
  expect(paths.slice(0, 3)).toEqual(['/index.html', '/visits/footfall.js', '/visits/events']);
  // What is loaded when the page is idle comes the same way.
  expect(paths.slice(3)).toEqual(paths.slice(3).filter((path) => /^\/visits\/footfall-\w+\.js$/.test(path)));
  // The page's `Accept-CH` is heeded with the first event already.
  const headers = await asked[2]?.allHeaders();
  expect(headers?.['sec-ch-ua-platform-version']).toMatch(/^"[\d.]*"$/);
});

test('visitors behind the proxy are told apart by their own address, and cannot choose another', async () => {
  await sendFrom('127.0.0.2', '/told-apart');
  await sendFrom('127.0.0.3', '/told-apart');
  await sendFrom('127.0.0.3', '/told-apart', { 'x-forwarded-for': '127.0.0.2' });
  await expect.poll(() => stored('/told-apart')).toHaveLength(3);

  const [first, second, forged] = await stored('/told-apart');

  expect(second?.visitor).not.toBe(first?.visitor);
  expect(forged?.visitor).toBe(second?.visitor);
});

test('people sign in to the dashboard through it, with a cookie for TLS only, and out again', async () => {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();

  await page.goto(server.signInUrl);
  const [cookie] = await context.cookies();
  const out = await page.evaluate(() => fetch('/sign-out', { method: 'POST' }).then((answer) => answer.url));

  expect(cookie).toMatchObject({ name: 'footfall_session', secure: true, httpOnly: true, sameSite: 'Lax' });
  expect(new URL(out).pathname).toBe('/sign-in');
});

test('the numbers of all sites stay inside', async () => {
  const page = await browser.newPage({ ignoreHTTPSErrors: true });

  const metrics = await page.goto(`https://stats.example.com:${PORT}/metrics`);
  const byTheOwnSite = await page.goto(`https://www.example.com:${PORT}/visits/metrics`);

  expect([metrics?.status(), byTheOwnSite?.status()]).toEqual([404, 404]);
});
