import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DROP_REASONS } from '../../collector/counters.ts';

const ROOM = join(import.meta.dirname, '../../collector');
const readme = readFileSync(join(ROOM, 'README.md'), 'utf8');

test('every code with which a door refuses stands in the table of errors, with its status', () => {
  const sources = readdirSync(ROOM, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(ROOM, name), 'utf8'));
  const thrown = sources.flatMap((text) => [
    ...text.matchAll(/new RefusalError\(\s*(\d{3}),\s*'([a-z_]+)'/g),
    ...text.matchAll(/status: '(\d{3}) [^']+',\s*code: '([a-z_]+)'/g),
  ]);

  expect(thrown.length).toBeGreaterThan(20);
  for (const [, status, code] of thrown) {
    expect(readme, `${status} ${code}`).toMatch(new RegExp(`^\\| ${status} +\\| [^|]*\`${code}\``, 'm'));
  }
});

test('every reason for which an event is not stored is explained', () => {
  for (const reason of DROP_REASONS) expect(readme).toMatch(new RegExp(`^\\| \`${reason}\` +\\| .{10}`, 'm'));
});
