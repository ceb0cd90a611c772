/** Bodies of every kind at every door: a receipt or a sentence, never our own fault, and rows only that can be stored. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DOORS, type FuzzDoor, type FuzzDoors, type JsonObject, openFuzzDoors } from './doors.ts';
import { expectAnswer } from './expect-answer.ts';
import { FC_RUNS, hostileBatch, hostileImport, hostileToken, nastyTokens } from './hostile.ts';
import { hostileMessages } from './hostile-segment.ts';
import { type Fault, placesOf, writeWith } from './mutate.ts';

// Of so many tokens each place meets one; all of them in the long run.
const SHARE = FC_RUNS > 1_000 ? 1 : 25;
// Of so many bytes one is changed; each in the long run.
const STRIDE = FC_RUNS > 1_000 ? 1 : 7;

const TAKEN: [string, fc.Arbitrary<JsonObject>][] = [
  ['/events', hostileBatch],
  ['/v1/events', hostileImport],
  ['/v1/batch', hostileMessages],
  ['/v1/import', hostileMessages],
];

let doors: FuzzDoors;
beforeAll(async () => {
  doors = await openFuzzDoors();
});
afterAll(() => doors.close());

async function check(door: FuzzDoor, body: Uint8Array | string): Promise<number> {
  const answer = await doors.send(door, body);
  expectAnswer(answer, doors);
  return answer.status;
}

const BODIES: Record<string, Buffer> = {
  empty: Buffer.alloc(0),
  'white space': Buffer.from(' \n\t'),
  'a byte order mark alone': Buffer.from('\ufeff'),
  NUL: Buffer.alloc(1),
  'UTF-16': Buffer.from('\ufeff{"version":1}', 'utf16le'),
  'invalid UTF-8': Buffer.from([0x7b, 0xff, 0xfe, 0xc0, 0x80, 0x7d]),
  'half a character': Buffer.from([0x22, 0xf0, 0x9f]),
  'a number of 60,000 digits': Buffer.from('1'.repeat(60_000)),
  'arrays, 60,000 deep': Buffer.from('['.repeat(60_000)),
  'closed arrays, 30,000 deep': Buffer.from('['.repeat(30_000) + ']'.repeat(30_000)),
  'objects, 10,000 deep': Buffer.from(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`),
  'objects, 9,000 deep, around half a pair': Buffer.from(
    `${'{"a":'.repeat(9_000)}"\\ud800"${'}'.repeat(9_000)}`,
  ),
  'a key of 60,000 characters': Buffer.from(`{"${'k'.repeat(60_000)}":1}`),
  'seven thousand keys': Buffer.from(`{${Array.from({ length: 7_000 }, (_, at) => `"${at}":1`).join()}}`),
  'five thousand times one key': Buffer.from(`{${'"events":[],'.repeat(5_000)}"version":1}`),
};

describe.each(DOORS)('$path', (door) => {
  const examples = door.valid;

  test('its own examples are taken', async () => {
    for (const body of examples) expect(await check(door, JSON.stringify(body))).toBe(door.taken);
    expect(await check(door, `\ufeff${JSON.stringify(examples[0])}`)).toBe(door.taken);
  });

  test.each(Object.entries(BODIES))('%s: refused', async (_, body) => {
    expect(await check(door, body)).toBe(400);
  });

  test('a body that ends anywhere before its end: refused', async () => {
    const whole = Buffer.from(JSON.stringify(examples.find((body) => JSON.stringify(body).includes('茶'))));
    for (let length = 0; length < whole.length; length += 1) {
      expect(await check(door, whole.subarray(0, length))).toBe(400);
    }
  });

  test('a body with any one byte changed: refused or taken', async () => {
    const whole = Buffer.from(JSON.stringify(examples[0]));
    for (let at = 0; at < whole.length; at += STRIDE) {
      const changed = Buffer.from(whole);
      changed[at] = (at * 83) % 256;
      await check(door, changed);
    }
  });

  test('a name as long as the body is not given back', async () => {
    const body = examples.find((each) => JSON.stringify(each).includes('"properties"')) ?? {};
    for (const place of placesOf(body).filter((each) => each.at(-1) === 'properties')) {
      for (const name of ['k'.repeat(7_000), '\0'.repeat(1_200), '\ud83d'.repeat(1_200)]) {
        for (const value of [1, null]) {
          const token = JSON.stringify({ [name]: value });
          await check(door, writeWith(body, { place, token, how: 'replace' }));
        }
      }
    }
  });

  test('every field of every kind with anything else in its place, left out, twice, or beside a stranger', async () => {
    for (const body of examples) {
      for (const [index, place] of placesOf(body).entries()) {
        for (const how of ['replace', 'again', 'add', 'leave out'] satisfies Fault['how'][]) {
          const tokens =
            how === 'leave out' ? [''] : nastyTokens.filter((_, at) => (at + index) % SHARE === 0);
          for (const token of tokens) await check(door, writeWith(body, { place, token, how }));
        }
      }
    }
  });

  test('anything that is JSON, anywhere in a body', async () => {
    const fault = fc.constantFrom(...examples).chain((body) =>
      fc.record({
        body: fc.constant(body),
        place: fc.constantFrom(...placesOf(body)),
        token: hostileToken,
        how: fc.constantFrom<Fault['how']>('replace', 'again', 'add'),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fault, async ({ body, ...rest }) => void (await check(door, writeWith(body, rest)))),
      { numRuns: FC_RUNS },
    );
  });

  test('any bytes', async () => {
    const pieces = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 30 }),
        hostileToken.map((token) => Buffer.from(token)),
      ),
      {
        maxLength: 6,
      },
    );
    await fc.assert(
      fc.asyncProperty(pieces, async (bytes) => void (await check(door, Buffer.concat(bytes)))),
      { numRuns: FC_RUNS },
    );
  });
});

test.each(TAKEN)('%s: what is allowed and taken is a row that the table can hold', async (path, bodies) => {
  const door = DOORS.find((each) => each.path === path) ?? DOORS[0];
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(bodies, async (body) => {
      if (door) taken += (await check(door, JSON.stringify(body))) === door.taken ? 1 : 0;
    }),
    { numRuns: FC_RUNS },
  );
  expect(taken, 'Most of what this test makes is taken').toBeGreaterThan(FC_RUNS / 2);
});
