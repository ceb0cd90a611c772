import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, expect, test } from 'vitest';
import { buildSnippet } from '../../../snippet/build.mjs';
import { openSite } from '../site.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const app = mkdtempSync(join(tmpdir(), 'footfall-app-'));
const modules = join(app, 'node_modules');

/** An empty app with the tarball unpacked as npm does, React beside it, built by Vite. */
async function makeApp(): Promise<string> {
  const built = join(app, 'snippet');
  await buildSnippet(built);
  mkdirSync(join(modules, 'footfall-browser'), { recursive: true });
  const into = ['-C', join(modules, 'footfall-browser'), '--strip-components=1'];
  execFileSync('tar', ['-xzf', join(built, 'footfall-browser.tgz'), ...into]);
  for (const name of ['react', 'react-dom', 'scheduler', '@types', 'csstype']) {
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  cpSync(fileURLToPath(new URL('./main.tsx.txt', import.meta.url)), join(app, 'main.tsx'));
  writeFileSync(join(app, 'package.json'), '{"type":"module"}');
  await build({
    root: app,
    configFile: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"development"' },
    build: {
      minify: false,
      lib: { entry: join(app, 'main.tsx'), formats: ['es'], fileName: () => 'app.js' },
    },
  });
  return readFileSync(join(app, 'dist/app.js'), 'utf8');
}

const script = await makeApp();
afterAll(() => rmSync(app, { recursive: true, force: true }));

const visiting = openSite({
  '/': `<!doctype html><title>App</title><div id="root" data-site="shop" data-endpoint="/events"></div>
    <script>root.dataset.endpoint = location.origin + '/events';</script>
    <script type="module">${script.replaceAll('</script', '<\\/script')}</script>`,
});

test(
  'in a React app under StrictMode each navigation is one page view, and events come with their page',
  visiting(async ({ page, url, of, until, quiet }) => {
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(url);
    await until(() => expect(of('page_view')).toHaveLength(1));
    await page.click('#go');
    await until(() => expect(of('page_view')).toHaveLength(2));
    await page.click('#sign');
    await quiet();

    expect(of('page_view').map((event) => [event.url, event.title])).toEqual([
      [`${url}/`, 'At /'],
      [`${url}/products`, 'At /products'],
    ]);
    expect(of('custom')).toMatchObject([
      { name: 'Signup', properties: { plan: 'pro' }, pageView: of('page_view')[1]?.id },
    ]);
    expect(faults).toEqual([]);
  }),
);

/** What `tsc` says of one line in the app. */
function compile(line: string): string {
  writeFileSync(
    join(app, 'check.ts'),
    `import { track } from 'footfall-browser';
     declare module 'footfall-browser' { interface Events { Signup: { plan: 'free' | 'pro' } } }
     ${line}`,
  );
  const flags = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2022', '--types', ''];
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  return spawnSync(process.execPath, [tsc, ...flags, 'check.ts'], { cwd: app, encoding: 'utf8' }).stdout;
}

test('a misspelt event name, or property, does not compile', () => {
  expect(compile("track('Signup', { plan: 'pro' });")).toBe('');
  expect(compile("track('Singup', { plan: 'pro' });")).toMatch(/'"Singup"' is not assignable/);
  expect(compile("track('Signup', { plan: 'gold' });")).toMatch(/'"gold"' is not assignable/);
});

test('the package is safe to import, and to call, on a server', () => {
  const source = `import('footfall-browser').then(({ init, track, identify }) => {
    init({ site: 'shop', endpoint: 'https://stats.example/events' }); track('Signup'); identify('u'); console.log('fine'); })`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', source], { cwd: app, encoding: 'utf8' });

  expect([stdout.trim(), stderr]).toEqual(['fine', '']);
});
