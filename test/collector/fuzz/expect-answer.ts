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
  if (answer.status === 202 || answer.status === 200) {
    // What the door promises; the lines below hold it to that.
    const { accepted, refused } = JSON.parse(answer.body) as Receipt;
    expect(rows).toHaveLength(accepted);
    for (const { message } of refused) expect(message).toMatch(/^(Expected|The (site|visitor)) .{1,600}$/s);
  } else {
    expectSentence(answer);
    expect(rows).toEqual([]);
  }
  expect(rows.flatMap(faultsOf)).toEqual([]);
}

const UINT: Record<string, number> = {
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
const SHAPES: Record<string, RegExp> = {
  visitor_id: /^\d{1,20}$/,
  session_hint: /^\d{1,20}$/,
  event_id: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/,
  page_view_id: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/,
  revenue: /^-?\d{1,14}\.\d{4}$/,
};
const HALF_PAIR = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** What of a row its column could not hold. */
export function faultsOf(row: EventRow): string[] {
  return Object.entries(row)
    .filter(([column, value]) => !isStorable(column, value))
    .map(([column, value]) => `${column}: ${JSON.stringify(value)}`);
}

function isStorable(column: string, value: unknown): boolean {
  const most = UINT[column];
  if (most !== undefined) return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most;
  const isInShape = SHAPES[column]?.test(String(value)) ?? true;
  return isInShape && !textsOf(value).some((text) => HALF_PAIR.test(text));
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) return Object.entries(value).flat().flatMap(textsOf);
  return typeof value === 'string' ? [value] : [];
}
