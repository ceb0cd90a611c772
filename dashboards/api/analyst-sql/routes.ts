/** `POST /api/sites/{site}/sql`: an analyst's own SELECT over the site's views, as JSON, CSV or Parquet. */
import { Readable } from 'node:stream';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { periodShape } from '../../reports/period/period.ts';
import { requireScope } from '../principal.ts';
import { readJson } from '../read-json.ts';
import { refuse, toRefusal } from '../refusal.ts';
import type { SiteScoped } from '../site-scope.ts';
import { streamed } from '../streamed-body.ts';
import { type AskedSql, confine, type SqlWorld, toSqlRefusal } from './ask.ts';
import { disarmCsv } from './disarm.ts';
import { jsonAnswer } from './json-answer.ts';

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
    return answer(c, asked.data, world, formatOf(c));
  });
  return app;
}

type Format = { name: string; type: string };

const JSON_FORMAT: Format = { name: 'JSON', type: 'application/json' };

function formatOf(c: Context): Format {
  const accept = c.req.header('accept') ?? '';
  if (/\btext\/csv\b/.test(accept)) return { name: 'CSVWithNames', type: 'text/csv; charset=utf-8' };
  if (/parquet/.test(accept)) return { name: 'Parquet', type: 'application/vnd.apache.parquet' };
  return JSON_FORMAT;
}

/** As the engine writes it, piece by piece: no answer is too long, and one that breaks off is not ended. */
async function answer(
  c: Context<SiteScoped>,
  asked: AskedSql,
  world: SqlWorld,
  { name: format, type }: Format,
): Promise<Response> {
  const confined = await confine(asked, c.get('site'), world);
  if ('refused' in confined) return refuse(c, 400, confined.refused);
  const { text, parameters } = confined;
  try {
    const stream = await world.reader.stream(text, { parameters, signal: c.req.raw.signal, format });
    c.header('content-type', type);
    return streamed(c, piecesOf(stream, format));
  } catch (error) {
    return refuse(c, 400, toSqlRefusal(error));
  }
}

function piecesOf(stream: NodeJS.ReadableStream, format: string): AsyncIterable<string | Uint8Array> {
  const chunks = Readable.from(stream);
  if (format === JSON_FORMAT.name) return jsonAnswer(chunks);
  return format === 'CSVWithNames' ? disarmCsv(chunks) : chunks;
}
