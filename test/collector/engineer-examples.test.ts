/** The examples of snippet/ENGINEERS.md do what the page says. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { buildSnippet } from '../../snippet/build.mjs';
import { openDoors } from './doors.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'snippet/ENGINEERS.md'), 'utf8');

/** The first block of code under a heading. */
function exampleUnder(heading: string): string {
  const [, code] = /```\w+\n([\s\S]*?)```/.exec(page.split(`## ${heading}\n`)[1] ?? '') ?? [];
  if (code === undefined) throw new Error(`Expected an example under "${heading}"`);
  return code;
}

/** Runs an example of Node against a collector; what it printed, and the rows it brought. */
async function run(example: string) {
  const doors = await openDoors({
    keys: {
      find: async (secret) => (secret === 'secret' ? { siteId: 'shop', scopes: ['import'] } : undefined),
    },
  });
  onTestFinished(() => doors.close());
  doors.clock.now = Date.now();
  const code = example
    .replaceAll('https://stats.example.com', `http://127.0.0.1:${doors.port}`)
    .replaceAll('my-site', 'shop')
    .replaceAll('YOUR_SECRET_KEY', 'secret');
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { cwd: root });
  const printed = Promise.all([text(child.stdout), text(child.stderr)]);
  await once(child, 'exit');
  return { rows: doors.rows, printed: (await printed).join('') };
}

test('the sale that Segment’s library sends is a server’s, of that user and order', async () => {
  const { rows, printed } = await run(exampleUnder("Node, with Segment's library"));

  expect(printed).toBe('');
  expect(rows).toMatchObject([
    {
      name: 'Purchase',
      sent_by: 'server',
      user_id: 'u-42',
      order_id: 'A-1001',
      revenue: '49.0000',
      currency: 'EUR',
    },
  ]);
});

test('the old invoice that fetch sends keeps its time', async () => {
  const { rows, printed } = await run(exampleUnder('Node, with nothing but `fetch`'));

  expect(printed).toBe('202 { accepted: 1, refused: [] }\n');
  expect(rows).toMatchObject([
    { name: 'Invoice paid', time: Date.UTC(2019, 4, 6, 9, 30), order_id: 'A-0007', user_id: 'u-42' },
  ]);
});

test('the React example compiles against the package, and a plan that is not declared does not', async () => {
  const app = mkdtempSync(join(tmpdir(), 'footfall-example-'));
  onTestFinished(() => rmSync(app, { recursive: true, force: true }));
  await buildSnippet(join(app, 'built'));
  const unpacked = join(app, 'node_modules/footfall-browser');
  mkdirSync(unpacked, { recursive: true });
  execFileSync('tar', [
    '-xzf',
    join(app, 'built/footfall-browser.tgz'),
    '-C',
    unpacked,
    '--strip-components=1',
  ]);
  for (const name of ['react', '@types', 'csstype'])
    symlinkSync(join(root, 'node_modules', name), join(app, 'node_modules', name));
  writeFileSync(join(app, 'package.json'), '{"type":"module"}');
  const compile = (code: string) => {
    writeFileSync(join(app, 'app.tsx'), code);
    const flags = ['--strict', '--noEmit', '--module', 'nodenext', '--jsx', 'react-jsx', '--types', ''];
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    return spawnSync(process.execPath, [tsc, ...flags, 'app.tsx'], { cwd: app, encoding: 'utf8' }).stdout;
  };
  const example = exampleUnder('React');

  expect(compile(example)).toBe('');
  expect(compile(example.replace("{ plan: 'pro' })", "{ plan: 'gold' })"))).toMatch(/'"gold"'/);
});
