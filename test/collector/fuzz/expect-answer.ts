import { expect } from 'vitest';
import type { Receipt } from '../../../collector/protocol.ts';
import type { EventRow } from '../../../collector/row.ts';
import type { FuzzDoors } from './doors.ts';
import type { RawAnswer } from './raw.ts';
import { expectSentence } from './sentence.ts';

/** Whatever was sent: a receipt whose events are rows that a table can hold, or a refusal that is a sentence. */
export function expectAnswer(answer: RawAnswer, doors: Pick<FuzzDoors, 'rows' | 'failures'>): void {
  const rows = doors.rows.splice(0);
  expect(doors.failures).toEqual([]);
  if (answer.status === 202) {
    // What the door promises; the lines below hold it to that.
    const { accepted, refused } = JSON.parse(answer.body) as Receipt;
    expect(rows).toHaveLength(accepted);
    for (const { message } of refused) expect(message).toMatch(/^(Expected|The (site|visitor)) .{1,600}$/s);
  } else {
    expectSentence(answer);
    expect(rows).toEqual([]);
  }
  for (const row of rows) expectStorable(row);
}

const UINT: Partial<Record<keyof EventRow, number>> = {
  seq: 65_535,
  status: 65_535,
  engaged_ms: 4_294_967_295,
  scroll_percent: 255,
  // Up to the year 2100, and not before the epoch.
  time: 4_102_444_800_000,
  client_time: 4_102_444_800_000,
  sent_time: 4_102_444_800_000,
  received_time: 4_102_444_800_000,
};
const HALF_PAIR = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

function expectStorable(row: EventRow): void {
  for (const [column, value] of Object.entries(row)) {
    // Keys of an EventRow, whose entries these are.
    const most = UINT[column as keyof EventRow];
    if (most !== undefined)
      expect(Number.isInteger(value) && value >= 0 && value <= most, `${column} ${value}`).toBe(true);
    for (const text of textsOf(value))
      expect(HALF_PAIR.test(text), `${column} ${JSON.stringify(text)}`).toBe(false);
  }
  for (const column of ['visitor_id', 'session_hint'] as const) expect(row[column]).toMatch(/^\d{1,20}$/);
  for (const column of ['event_id', 'page_view_id'] as const) expect(row[column]).toMatch(/^[\da-f-]{36}$/);
  if (row.revenue !== undefined) expect(row.revenue).toMatch(/^-?\d{1,14}\.\d{4}$/);
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) return Object.entries(value).flat().flatMap(textsOf);
  return typeof value === 'string' ? [value] : [];
}
