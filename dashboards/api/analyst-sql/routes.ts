/** `POST /api/sites/{site}/sql`: an analyst's own SELECT over the site's views, as JSON, CSV or Parquet. */
import { Readable } from 'node:stream';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { type Storage, StorageError } from '../../../collector/storage/storage.ts';
import { periodShape } from '../../reports/period/period.ts';
import { contextOf } from '../../reports/run.ts';
import { joinSql, renderSql, sql } from '../../sql.ts';
import { requireScope } from '../principal.ts';
import { readJson } from '../read-json.ts';
import { refuse, toRefusal } from '../refusal.ts';
import type { SiteScoped } from '../site-scope.ts';
import { whatIsForbidden } from './check.ts';
import { VIEWS, viewsOf } from './views.ts';

export const sqlBody = z.strictObject({
  sql: z.string().min(1).max(50_000).describe('One SELECT over the views site_events and site_sessions'),
  period: periodShape.default({ preset: '30d' }).describe('Which days the views hold'),
});

const MOST_ROWS = { json: 10_000, file: 1_000_000 };

/** Databases that are never spoken of. The tables of ours are asked for, so that a new one is hidden at once. */
const HIDDEN = ['system', 'information_schema', 'footfall', 'default'];

export type SqlWorld = {
  reader: Pick<Storage, 'query' | 'stream'>;
  /** Knows which tables there are. */
  storage: Pick<Storage, 'query'>;
  now: () => number;
};

export function sqlRoutes(world: SqlWorld): Hono<SiteScoped> {
  const app = new Hono<SiteScoped>();
  app.post('/sql', requireScope('sql'), async (c) => {
    const sent = await readJson(c);
    if ('refused' in sent) return sent.refused;
    const asked = sqlBody.safeParse(sent.value);
    if (!asked.success) return refuse(c, 400, toRefusal(asked.error, sent.value));
    try {
      return await answer(c, asked.data, world);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      return refuse(c, 400, { code: 'invalid_sql', message: sayError(error), field: 'sql' });
    }
  });
  return app;
}

async function answer(
  c: Context<SiteScoped>,
  asked: z.output<typeof sqlBody>,
  world: SqlWorld,
): Promise<Response> {
  const forbidden = whatIsForbidden(await astOf(asked.sql, world), {
    views: VIEWS,
    hidden: await hiddenNames(world),
  });
  if (forbidden) return refuse(c, 400, { code: 'forbidden_sql', message: forbidden, field: 'sql' });

  const site = c.get('site');
  const signal = c.req.raw.signal;
  const { scope } = await contextOf({ period: asked.period }, site, {
    reader: world.reader,
    nowMs: world.now(),
  });
  const format = formatOf(c);
  const { text, parameters } = renderSql(sql`WITH${joinSql([viewsOf(scope)])}`);
  // The query was parsed by itself, so its brackets and quotes are closed: it stays within these. A comment ends with the line.
  const query = `${text}\nSELECT * FROM (\n${asked.sql}\n) LIMIT ${format ? MOST_ROWS.file : MOST_ROWS.json}`;
  if (!format) {
    const { rows, statistics } = await world.reader.query<object>(query, { parameters, signal });
    const meta = {
      queryMs: Math.round(statistics.elapsedMs),
      rowsRead: statistics.rowsRead,
      isCut: rows.length === MOST_ROWS.json,
    };
    return c.json({ rows, meta });
  }
  const stream = await world.reader.stream(query, { parameters, signal, format: format.name });
  c.header('content-type', format.type);
  // Node's own reader and the DOM's type of the same thing differ in name only.
  return c.body(Readable.toWeb(Readable.from(stream)) as ReadableStream);
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

function formatOf(c: Context): { name: string; type: string } | undefined {
  const accept = c.req.header('accept') ?? '';
  if (/\btext\/csv\b/.test(accept)) return { name: 'CSVWithNames', type: 'text/csv; charset=utf-8' };
  if (/parquet/.test(accept)) return { name: 'Parquet', type: 'application/vnd.apache.parquet' };
  return undefined;
}

/** ClickHouse's own words, without its version and without the views' text. */
function sayError({ message }: StorageError): string {
  const sentence = message.split(/[:.] (?:In scope|While|while|Maybe|Stack)\b|\n/)[0] ?? '';
  return sentence.replace(/ ?\(version .*$/, '').slice(0, 500) || 'The query could not be carried out';
}
