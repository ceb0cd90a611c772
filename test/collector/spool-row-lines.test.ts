import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EventRow } from '../../collector/row.ts';
import { createRowLines } from '../../collector/spool/row-lines.ts';
import { eventRow } from './rows.ts';

const START = '{"batch_id":"0"';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ maxLength: 3_000 }),
  // Halves of surrogate pairs, and what JSON escapes.
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
    .map((codes) => String.fromCharCode(...codes)),
);
const changes = fc.record(
  {
    path: text,
    title: text,
    time: fc.integer({ min: 0, max: 4_102_444_800_000 }),
    is_bot: fc.boolean(),
    properties: fc.dictionary(text, text, { maxKeys: 4 }),
    numeric_properties: fc.dictionary(text, fc.double({ noNaN: true, noDefaultInfinity: true }), {
      maxKeys: 4,
    }),
  },
  { requiredKeys: [] },
);

test('a row is written as JSON.stringify would, whatever its texts hold, and stays so while others are written', () => {
  const lines = createRowLines();
  const written: { bytes: Buffer; expected: string }[] = [];

  fc.assert(
    fc.property(fc.array(changes, { minLength: 1, maxLength: 5 }), (many) => {
      const rows: EventRow[] = many.map((some) => eventRow(some));
      const expected = rows.map((row) => `${START},${JSON.stringify(row).slice(1)}\n`).join('');
      const bytes = lines.write(rows, START);
      written.push({ bytes, expected });
      expect(bytes.toString()).toBe(Buffer.from(expected).toString());
    }),
    { numRuns: 300 },
  );

  for (const { bytes, expected } of written) expect(bytes.equals(Buffer.from(expected))).toBe(true);
});

test('what is not known of a row is left out', () => {
  const row = eventRow();

  const bytes = createRowLines().write([{ ...row, title: undefined } as unknown as EventRow], START);

  expect(bytes.toString()).toBe(`${START},${JSON.stringify(row).slice(1)}\n`);
});
