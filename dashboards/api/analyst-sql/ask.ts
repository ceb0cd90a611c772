/** An analyst's query over one site's views: judged by what the engine understands of it, then put behind the views. */
import type { Refusal } from '../../../collector/protocol.ts';
import { type Storage, StorageError } from '../../../collector/storage/storage.ts';
import type { PeriodParameter } from '../../reports/period/period.ts';
import { contextOf, type ReportSite } from '../../reports/run.ts';
import { bind, joinSql, type RenderedSql, renderSql, type Sql, sql } from '../../sql.ts';
import { whatIsForbidden } from './check.ts';
import { VIEWS, viewsOf } from './views.ts';

export type AskedSql = { sql: string; period: PeriodParameter };
/** `isCut`: there are more rows than an answer holds that is not streamed. */
export type SqlAnswer = { rows: object[]; meta: { queryMs: number; rowsRead: number; isCut: boolean } };
export type Refused = { refused: Refusal['error'] };

/** As many as are gathered for an assistant; what is streamed has no such bound. */
const MOST_ROWS = 10_000;

/** Databases that are never spoken of. The tables of ours are asked for, so that a new one is hidden at once. */
const HIDDEN = ['system', 'information_schema', 'footfall', 'default'];

export type SqlWorld = {
  reader: Pick<Storage, 'query' | 'stream'>;
  /** Knows which tables there are. */
  storage: Pick<Storage, 'query'>;
  now: () => number;
};

export async function askSql(
  asked: AskedSql,
  site: ReportSite,
  world: SqlWorld,
  signal?: AbortSignal,
): Promise<SqlAnswer | Refused> {
  const confined = await confine(
    asked,
    site,
    world,
    sql` LIMIT ${bind('most_rows', 'UInt64', MOST_ROWS + 1)}`,
  );
  if ('refused' in confined) return confined;
  const { text, parameters } = confined;
  try {
    const { rows, statistics } = await world.reader.query<object>(text, {
      parameters,
      ...(signal && { signal }),
    });
    const { elapsedMs, rowsRead } = statistics;
    return {
      rows: rows.slice(0, MOST_ROWS),
      meta: { queryMs: Math.round(elapsedMs), rowsRead, isCut: rows.length > MOST_ROWS },
    };
  } catch (error) {
    return { refused: toSqlRefusal(error) };
  }
}

/** The query as it may run, or why it may not. */
export async function confine(
  { sql: query, period }: AskedSql,
  site: ReportSite,
  world: SqlWorld,
  limit: Sql = sql``,
): Promise<RenderedSql | Refused> {
  try {
    const hidden = await hiddenNames(world);
    const forbidden = whatIsForbidden(await astOf(query, world), { views: VIEWS, hidden });
    if (forbidden) return { refused: { code: 'forbidden_sql', message: forbidden, field: 'sql' } };
  } catch (error) {
    return { refused: toSqlRefusal(error) };
  }
  const { scope } = await contextOf({ period }, site, { reader: world.reader, nowMs: world.now() });
  const before = renderSql(sql`WITH${joinSql([viewsOf(scope)])}`);
  const after = renderSql(limit);
  // The query was parsed by itself, so its brackets and quotes are closed: it stays within these. A comment ends with the line.
  return {
    text: `${before.text}\nSELECT * FROM (\n${query}\n) ${after.text}`,
    parameters: { ...before.parameters, ...after.parameters },
  };
}

/**
 * A node per line. Throws StorageError where the query by itself is not a whole query: it must not stand in brackets
 * here, or one that closes them would be judged by its first part alone. (The format that the storage adds becomes one
 * of the nodes; what comes back are lines of text.)
 */
async function astOf(query: string, { reader }: SqlWorld): Promise<string[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of await reader.stream(`EXPLAIN AST\n${query}\n`, { format: 'TSVRaw' }))
    chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks)
    .toString()
    .split('\n')
    .filter((line) => line !== '');
}

async function hiddenNames({ storage }: SqlWorld): Promise<string[]> {
  const { rows } = await storage.query<{ name: string }>(
    'SELECT lower(name) AS name FROM system.tables WHERE database = currentDatabase()',
  );
  return [...HIDDEN, ...rows.map((row) => row.name)];
}

/** ClickHouse's own words, without its version and without the views' text. Throws what is not the query's fault. */
export function toSqlRefusal(error: unknown): Refusal['error'] {
  if (!(error instanceof StorageError)) throw error;
  const sentence = error.message.split(/[:.] (?:In scope|While|while|Maybe|Stack)\b|\n/)[0] ?? '';
  const said = sentence.replace(/ ?\(version .*$/, '').slice(0, 500);
  return { code: 'invalid_sql', message: said || 'The query could not be carried out', field: 'sql' };
}
