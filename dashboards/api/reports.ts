/** `POST /api/sites/{site}/reports/{report}`: checked parameters in, JSON or CSV out. */
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { Storage } from '../../collector/storage/storage.ts';
import { findReport, REPORTS, type ReportEntry } from '../reports/registry.ts';
import { ReportError } from '../reports/report.ts';
import type { ReportSite, ReportWorld } from '../reports/run.ts';
import { renderSql, renderWithValues } from '../sql.ts';
import { writeCsv } from './csv.ts';
import { readJson } from './read-json.ts';
import { refuse } from './refusal.ts';
import { toReportRefusal } from './report-refusal.ts';
import type { SiteScoped } from './site-scope.ts';
import { streamed } from './streamed-body.ts';

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
      if (wantsCsv(c)) return csvAnswer(c, report, asked.value, world);
      return c.json(await report.answer(asked.value, c.get('site'), world));
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

/** As the rows come, however many: what breaks off is cut, never ended as if it were whole. */
async function csvAnswer(
  c: Context<SiteScoped>,
  report: ReportEntry,
  asked: unknown,
  world: ReportWorld,
): Promise<Response> {
  const list = c.req.query('list');
  if (list !== undefined && !report.lists)
    throw new ReportError('list', `The report "${report.name}" has no lists besides its rows`);
  const { period, rows } = await report.list(asked, c.get('site'), world, list);
  const order = list === undefined && report.row instanceof z.ZodObject ? Object.keys(report.row.shape) : [];
  const name = [report.name, ...(list === undefined ? [] : [list])].join('-');
  c.header('content-disposition', `attachment; filename="${fileName(c.get('site'), name, period)}"`);
  c.header('content-type', 'text/csv; charset=utf-8');
  return streamed(c, writeCsv(rows, order));
}

function fileName({ siteId }: ReportSite, name: string, { from, to }: { from: string; to: string }): string {
  return `${siteId}-${name}-${from}-${to}.csv`;
}
