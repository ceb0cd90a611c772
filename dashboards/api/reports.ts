/** `POST /api/sites/{site}/reports/{report}`: checked parameters in, JSON or CSV out. */
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { Storage } from '../../collector/storage/storage.ts';
import { findReport, REPORTS, type ReportEntry } from '../reports/registry.ts';
import type { ReportAnswer, ReportSite } from '../reports/run.ts';
import { renderSql, renderWithValues } from '../sql.ts';
import { columnsOf, writeCsv } from './csv.ts';
import { readJson } from './read-json.ts';
import { refuse } from './refusal.ts';
import { toReportRefusal } from './report-refusal.ts';
import type { SiteScoped } from './site-scope.ts';

export type ReportRoutesWorld = { reader: Pick<Storage, 'query' | 'stream'>; now: () => number };

export function reportRoutes({ reader, now }: ReportRoutesWorld): Hono<SiteScoped> {
  const app = new Hono<SiteScoped>();

  app.post('/reports/:report', async (c) => {
    const report = findReport(c.req.param('report'));
    if (!report) return unknownReport(c);
    const asked = await readJson(c);
    if ('refused' in asked) return asked.refused;
    const world = { reader, nowMs: now(), signal: c.req.raw.signal };
    return tell(c, asked.value, async () => {
      const answer = await report.answer(asked.value, c.get('site'), world);
      return wantsCsv(c) ? csvAnswer(c, report, answer) : c.json(answer);
    });
  });

  app.post('/reports/:report/explain', async (c) => {
    const report = findReport(c.req.param('report'));
    if (!report) return unknownReport(c);
    const asked = await readJson(c);
    if ('refused' in asked) return asked.refused;
    return tell(c, asked.value, async () => {
      const query = await report.explain(asked.value, c.get('site'), { reader, nowMs: now() });
      const { text, parameters } = renderSql(query);
      return c.json({ sql: text, parameters, text: renderWithValues(query) });
    });
  });
  return app;
}

/** Answers 400 where the one who asked was wrong, 503 where the question was too large; the rest is our fault. */
async function tell(
  c: Context<SiteScoped>,
  sent: unknown,
  answer: () => Promise<Response>,
): Promise<Response> {
  try {
    return await answer();
  } catch (error) {
    // Nobody waits for the answer any more: the page has moved on, and the query was ended with it.
    if (c.req.raw.signal.aborted) return new Response(null, { status: CLIENT_CLOSED_REQUEST });
    const refusal = toReportRefusal(error, sent);
    if (refusal) return refuse(c, refusal.status, refusal.error);
    throw error;
  }
}

/** nginx's number for it; it goes nowhere but into logs. */
const CLIENT_CLOSED_REQUEST = 499;

function unknownReport(c: Context<SiteScoped>): Response {
  const names = REPORTS.map(({ name }) => name).join(', ');
  return refuse(c, 404, {
    code: 'unknown_report',
    message: `There is no report "${c.req.param('report')}": there are ${names}`,
  });
}

function wantsCsv(c: Context): boolean {
  return /\btext\/csv\b/.test(c.req.header('accept') ?? '');
}

function csvAnswer(
  c: Context<SiteScoped>,
  report: ReportEntry,
  { rows, meta }: ReportAnswer<object>,
): Response {
  const columns = report.row instanceof z.ZodObject ? Object.keys(report.row.shape) : columnsOf(rows);
  const borne = new Set(columnsOf(rows));
  const lines = writeCsv(rows, rows.length === 0 ? columns : columns.filter((name) => borne.has(name)));
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      for (let sent = 0; sent < LINES_AT_ONCE; sent += 1) {
        const { done, value } = lines.next();
        if (done) return controller.close();
        controller.enqueue(encoder.encode(value));
      }
    },
  });
  c.header('content-disposition', `attachment; filename="${fileName(c.get('site'), report, meta)}"`);
  c.header('content-type', 'text/csv; charset=utf-8');
  return c.body(body);
}

const LINES_AT_ONCE = 1_000;

function fileName(
  { siteId }: ReportSite,
  { name }: ReportEntry,
  { from, to }: { from: string; to: string },
): string {
  return `${siteId}-${name}-${from}-${to}.csv`;
}
