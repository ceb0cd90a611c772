import { afterEach, beforeEach, expect, test } from 'vitest';
import { batch, CHROME, NOON, openDoors, pageView } from './doors.ts';

const MINUTE = 60_000;
const MIDNIGHT = Date.UTC(2026, 10, 23);

let doors: Awaited<ReturnType<typeof openDoors>>;
beforeEach(async () => {
  doors = await openDoors();
});
afterEach(() => doors.close());

/** Sends one page view at `at`, received at once, and gives its row. */
async function visit(at: number, headers: Record<string, string> = {}, changes: object = {}) {
  doors.clock.now = Math.max(doors.clock.now, at);
  const answer = await doors.post(
    batch([pageView({ at })], { sentAt: doors.clock.now, ...changes }),
    headers,
  );
  expect(answer.status).toBe(202);
  const row = doors.rows.at(-1);
  if (row === undefined) throw new Error('No row came out');
  return row;
}

test('the same address and browser are one visitor for the day, any other is another', async () => {
  const first = await visit(NOON);

  expect((await visit(NOON + 60 * MINUTE)).visitor_id).toBe(first.visitor_id);
  expect((await visit(NOON, { 'x-forwarded-for': '81.2.69.143' })).visitor_id).not.toBe(first.visitor_id);
  expect((await visit(NOON, { 'user-agent': `${CHROME} Edg/141` })).visitor_id).not.toBe(first.visitor_id);
});

test('the next day it is another visitor', async () => {
  const first = await visit(NOON);

  expect((await visit(NOON + 24 * 60 * MINUTE)).visitor_id).not.toBe(first.visitor_id);
});

test('a session that runs over midnight keeps its visitor until it ends', async () => {
  const before = await visit(MIDNIGHT - 5 * MINUTE);
  const after = await visit(MIDNIGHT + 20 * MINUTE);
  const still = await visit(MIDNIGHT + 50 * MINUTE);
  const later = await visit(MIDNIGHT + 81 * MINUTE);

  expect(after.visitor_id).toBe(before.visitor_id);
  expect(still.visitor_id).toBe(before.visitor_id);
  expect(still.session_hint).toBe(before.session_hint);
  expect(later.visitor_id).not.toBe(before.visitor_id);
});

test('a late event joins the visitor of its own day', async () => {
  const before = await visit(MIDNIGHT - 120 * MINUTE);
  await visit(MIDNIGHT + 90 * MINUTE);
  const late = await visit(MIDNIGHT - 60 * MINUTE);

  expect(late.visitor_id).toBe(before.visitor_id);
});

test('a lasting id makes the same visitor on any day, from any address and browser', async () => {
  const lasting = { anonymousId: 'device-1', consent: 'granted' };
  const first = await visit(NOON, {}, lasting);
  const later = await visit(
    NOON + 3 * 24 * 60 * MINUTE,
    { 'x-forwarded-for': '8.8.8.8', 'user-agent': 'x' },
    lasting,
  );

  expect(later.visitor_id).toBe(first.visitor_id);
  expect(later.anonymous_id).toBe('device-1');
});

test('a session ends with a gap of more than 30 minutes', async () => {
  const first = await visit(NOON);

  expect((await visit(NOON + 30 * MINUTE)).session_hint).toBe(first.session_hint);
  expect((await visit(NOON + 60 * MINUTE + 1)).session_hint).not.toBe(first.session_hint);
});

test('visitors and sessions are 64-bit numbers in text', async () => {
  const row = await visit(NOON);

  for (const id of [row.visitor_id, row.session_hint ?? '']) {
    expect(id).toMatch(/^\d+$/);
    expect(BigInt(id)).toBeLessThan(2n ** 64n);
  }
});
