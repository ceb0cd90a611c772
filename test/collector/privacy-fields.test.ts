import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const collector = join(import.meta.dirname, '../../collector');
const schema = readdirSync(join(collector, 'schema'))
  .filter((name) => name.endsWith('.sql'))
  .map((name) => readFileSync(join(collector, 'schema', name), 'utf8').replace(/--.*$/gm, ''))
  .join('\n');
const page = readFileSync(join(collector, 'PRIVACY.md'), 'utf8');

/** The names in a section's first column. */
function named(heading: string): string[] {
  const section = page.split(`## ${heading}`)[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/^\|([^|]*)\|/gm)].flatMap(([, cell]) =>
    [...(cell ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name ?? ''),
  );
}

function columnsOfEvents(): string[] {
  const [, body = ''] = /CREATE TABLE events\s*\(([\s\S]*?)\n\)/.exec(schema) ?? [];
  const created = [...body.matchAll(/^ {4}(\w+) +[A-Z]\w+/gm)].map(([, name]) => name ?? '');
  const added = [...schema.matchAll(/ALTER TABLE events ADD COLUMN IF NOT EXISTS (\w+)/g)];
  return [...created.filter((name) => name !== 'INDEX'), ...added.map(([, name]) => name ?? '')];
}

test('the privacy page names every field of an event, and no other', () => {
  expect(named('Every field of `events`').sort()).toEqual(columnsOfEvents().sort());
});

test('the privacy page names every other table', () => {
  const tables = [...schema.matchAll(/CREATE TABLE (?:IF NOT EXISTS )?(\w+)/g)].map(([, name]) => name ?? '');
  const isKept = (name: string) => name !== 'events' && !new RegExp(`DROP TABLE ${name}\\b`).test(schema);

  expect(named('The tables beside it').sort()).toEqual([...new Set(tables)].filter(isKept).sort());
});
