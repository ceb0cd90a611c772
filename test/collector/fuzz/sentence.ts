import { expect } from 'vitest';
import type { Refusal } from '../../../collector/protocol.ts';
import type { Exchange, RawAnswer } from './raw.ts';

/** What every refusal must be, whatever was sent: never our own fault, short, and a sentence on what was expected. */
export function expectSentence({ status, headers, body }: RawAnswer): Refusal['error'] {
  expect(status, body).toBeGreaterThanOrEqual(400);
  expect(status, body).toBeLessThan(500);
  expect(headers.get('content-type')).toMatch(/^application\/json/);
  expect(body.length, 'A refusal does not give back what it was sent').toBeLessThan(2_000);
  // What the assertions below make of it.
  const { error } = JSON.parse(body) as Refusal;
  expect(error.code).toMatch(/^[a-z_]+$/);
  expect(error.message).toMatch(/^Expected .+[^.]$/s);
  // A key, a site or a share is not spelt out; whatever else was wrong is.
  if (![401, 403, 404, 429].includes(status)) {
    expect(error).toMatchObject({ expected: expect.stringMatching(/./), found: expect.any(String) });
  }
  return error;
}

/** The one answer to a single request. */
export function onlyAnswer({ answers, rest }: Exchange): RawAnswer {
  expect(rest).toBe('');
  expect(answers).toHaveLength(1);
  // toHaveLength(1) has just said so.
  return answers[0] as RawAnswer;
}
