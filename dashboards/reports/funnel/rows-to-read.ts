import type { Storage } from '../../../collector/storage/storage.ts';
import type { RenderedSql } from '../../sql.ts';

/** How many rows of tables a query has to read: those of the parts that the index leaves. A stream does not tell afterwards. */
export async function rowsToRead(
  reader: Pick<Storage, 'query'>,
  { text, parameters }: RenderedSql,
  signal?: AbortSignal,
): Promise<number> {
  const { rows } = await reader.query<{ rows: number }>(`EXPLAIN ESTIMATE ${text}`, {
    parameters,
    ...(signal && { signal }),
  });
  return rows.reduce((sum, one) => sum + one.rows, 0);
}
