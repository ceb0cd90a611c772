import { expect, test } from 'vitest';
import type { QueryOptions, QueryResult } from '../../../collector/storage/storage.ts';
import { createSharedReader } from '../../../dashboards/reports/shared-reader.ts';

/** A reader whose queries end when the test says so. */
function openReader(atOnce: number) {
  const asked: string[] = [];
  const ends = new Map<string, () => void>();
  const reader = createSharedReader(
    {
      query<Row>(sql: string, _options?: QueryOptions): Promise<QueryResult<Row>> {
        asked.push(sql);
        return new Promise((resolve) => {
          ends.set(sql, () =>
            resolve({ rows: [], statistics: { elapsedMs: 0, rowsRead: asked.length, bytesRead: 0 } }),
          );
        });
      },
      stream: () => Promise.reject(new Error('not asked')),
    },
    atOnce,
  );
  const settle = () => new Promise((resume) => setImmediate(resume));
  const end = (sql: string) => {
    ends.get(sql)?.();
    return settle();
  };
  return { reader, asked, settle, end };
}

test('so many reports run at once, the others in the order in which they came', async () => {
  const { reader, asked, settle, end } = openReader(2);
  const { signal } = new AbortController();

  for (const name of ['a', 'b', 'c', 'd']) void reader.query(name, { signal });
  await settle();
  expect(asked).toEqual(['a', 'b']);

  await end('b');
  expect(asked).toEqual(['a', 'b', 'c']);
});

test('a report that nobody waits for any more is not asked', async () => {
  const { reader, asked, settle, end } = openReader(1);
  const gone = new AbortController();
  void reader.query('a', { signal: new AbortController().signal });
  const left = reader.query('b', { signal: gone.signal }).catch((error: Error) => error.name);
  await settle();

  gone.abort();
  await end('a');

  expect(asked).toEqual(['a']);
  expect(await left).toBe('AbortError');
});

test('equal small questions that wait are asked once; what runs already answers nobody who came later', async () => {
  const { reader, asked, settle, end } = openReader(1);
  const goals = { parameters: { site: 'shop' } };
  const running = [reader.query('goals', goals), reader.query('x')];
  await settle();

  const waiting = [reader.query('goals', goals), reader.query('goals', goals)];
  const others = reader.query('goals', { parameters: { site: 'blog' } });
  expect(asked).toEqual(['goals', 'x']);

  await end('goals');
  await end('goals');
  await end('goals');
  expect(asked).toEqual(['goals', 'x', 'goals', 'goals']);
  const [first, second] = await Promise.all(waiting);
  expect(first).toBe(second);
  expect(await others).not.toBe(first);
  expect(await running[0]).not.toBe(first);
});
