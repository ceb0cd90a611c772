/** `POST /api/sites/{site}/sql`: an analyst's own SELECT over the site's views, as JSON, CSV or Parquet. */
import { Readable } from 'node:stream';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { periodShape } from '../../reports/period/period.ts';
import { requireScope } from '../principal.ts';
import { readJson } from '../read-json.ts';
import { refuse, toRefusal } from '../refusal.ts';
import type { SiteScoped } from '../site-scope.ts';
import { type AskedSql, askSql, confine, MOST_ROWS, type SqlWorld, toSqlRefusal } from './ask.ts';
import { disarmCsv } from './disarm.ts';

export const sqlBody = z.strictObject({
  sql: z.string().min(1).max(50_000).describe('One SELECT over the views site_events and site_sessions'),
  period: periodShape.default({ preset: '30d' }).describe('Which days the views hold'),
});

export function sqlRoutes(world: SqlWorld): Hono<SiteScoped> {
  const app = new Hono<SiteScoped>();
  app.post('/sql', requireScope('sql'), async (c) => {
    const sent = await readJson(c);
    if ('refused' in sent) return sent.refused;
    const asked = sqlBody.safeParse(sent.value);
    if (!asked.success) return refuse(c, 400, toRefusal(asked.error, sent.value));
    const format = formatOf(c);
    if (format) return file(c, asked.data, world, format);
    const told = await askSql(asked.data, c.get('site'), world, c.req.raw.signal);
    return 'refused' in told ? refuse(c, 400, told.refused) : c.json(told);
  });
  return app;
}

type Format = { name: string; type: string };

function formatOf(c: Context): Format | undefined {
  const accept = c.req.header('accept') ?? '';
  if (/\btext\/csv\b/.test(accept)) return { name: 'CSVWithNames', type: 'text/csv; charset=utf-8' };
  if (/parquet/.test(accept)) return { name: 'Parquet', type: 'application/vnd.apache.parquet' };
  return undefined;
}

/** As the engine writes it, piece by piece. */
async function file(
  c: Context<SiteScoped>,
  asked: AskedSql,
  world: SqlWorld,
  { name: format, type }: Format,
): Promise<Response> {
  const confined = await confine(asked, c.get('site'), world, MOST_ROWS.file);
  if ('refused' in confined) return refuse(c, 400, confined.refused);
  const { text, parameters } = confined;
  try {
    const stream = await world.reader.stream(text, { parameters, signal: c.req.raw.signal, format });
    c.header('content-type', type);
    // Node's own reader and the DOM's type of the same thing differ in name only.
    const body = format === 'CSVWithNames' ? disarmCsv(Readable.from(stream)) : stream;
    return c.body(Readable.toWeb(Readable.from(body)) as ReadableStream);
  } catch (error) {
    return refuse(c, 400, toSqlRefusal(error));
  }
}
