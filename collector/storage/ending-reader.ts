/** A reader whose queries end with whoever waits for them, whatever they are at. */
import { randomUUID } from 'node:crypto';
import type { QueryOptions, Storage } from './storage.ts';

/**
 * By itself the engine looks whether somebody still waits when it has read a block, and not for as long as it joins what
 * it has read: a query is killed besides, by `owner`, for `reader` may not. Where a server does not let the owner, the
 * query's own limits end it.
 */
export function createEndingReader(reader: Storage, owner: Pick<Storage, 'command'>): Storage {
  const kill = (queryId: string) =>
    owner
      .command('KILL QUERY WHERE query_id = {query_id:String}', { parameters: { query_id: queryId } })
      // Nobody waits for this answer either.
      .catch(() => {});

  function watched({ signal, queryId = randomUUID() }: QueryOptions) {
    signal?.throwIfAborted();
    const end = () => void kill(queryId);
    signal?.addEventListener('abort', end, { once: true });
    return { queryId, end, release: () => signal?.removeEventListener('abort', end) };
  }

  return {
    ...reader,
    async query(sql, options = {}) {
      const { queryId, release } = watched(options);
      return reader.query<never>(sql, { ...options, queryId }).finally(release);
    },
    async stream(sql, options) {
      const { queryId, end, release } = watched(options);
      const stream = await reader.stream(sql, { ...options, queryId }).catch((error: unknown) => {
        release();
        throw error;
      });
      let isWhole = false;
      stream.once('end', () => {
        isWhole = true;
      });
      stream.once('close', () => {
        release();
        if (!isWhole) end();
      });
      return stream;
    },
  };
}
