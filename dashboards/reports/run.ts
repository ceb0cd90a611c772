/** Answers one report: parameters in, rows and what there is to know about them out. */
import { z } from 'zod';
import type { QueryResult, Storage } from '../../collector/storage/storage.ts';
import { renderSql, type Sql } from '../sql.ts';
import { type Condition, conditionShape } from './conditions.ts';
import { readLastingShare } from './events/lasting-share.ts';
import { readIdentity } from './events/scope.ts';
import { expandSegments, type Filter, filtersShape } from './filters/filters.ts';
import { linesOf } from './lines.ts';
import { toLocalTime } from './period/calendar.ts';
import { type Period, resolveComparison, resolvePeriod } from './period/period.ts';
import {
  MOST_ROWS_GATHERED,
  type Report,
  type ReportContext,
  ReportError,
  type SharedParameters,
} from './report.ts';
import { readRules } from './rules/rules.ts';
import { readSettledDays } from './settled/settled-days.ts';

/** The site that a report is about, as its settings say. */
export type ReportSite = {
  siteId: string;
  timeZone: string;
  currency: string;
  countsTests: boolean;
  /** The local day of the first event; '' before any. */
  firstDay: string;
};

export type ReportWorld = {
  /** The read-only user: a query ends with the request that asked for it. */
  reader: Pick<Storage, 'query' | 'stream'>;
  nowMs: number;
  signal?: AbortSignal | undefined;
};

export type ReportMeta = {
  /** Up to when events are counted: now, or the end of the period. ISO 8601. */
  asOf: string;
  timeZone: string;
  /** Local days, both included. */
  from: string;
  to: string;
  /** The last moment counted, where the period is not over: on the wall of the site. */
  compared?: { from: string; to: string; until: string };
  queryMs: number;
  rowsRead: number;
  /** Nothing is sampled or estimated. */
  exact: true;
  /** How far persons can be followed: visitors with a lasting id ÷ visitors. The others are counted per day. */
  identity: { lastingShare: number | null };
  definitions: Record<string, string>;
};

export type ReportAnswer<Row> = {
  rows: Row[];
  totals?: Row;
  compared_rows?: Row[];
  compared_totals?: Row;
  meta: ReportMeta;
};

/** A row of the query, before the columns that steer it are taken off. */
type RawRow<Row> = Row & { is_total?: boolean | number };

export async function runReport<Parameters extends SharedParameters, Row extends object>(
  report: Report<Parameters, Row>,
  asked: Parameters,
  site: ReportSite,
  world: ReportWorld,
): Promise<ReportAnswer<Row>> {
  refuseTooMany(asked);
  const parameters = await withSegments(asked, site, world);
  const context = await contextOf(parameters, site, world);
  const [main, lastingShare] = await Promise.all([
    ask(report, parameters, context, world),
    readLastingShare(world.reader, context.scope),
  ]);
  const answer: ReportAnswer<Row> = {
    ...split(main.rows),
    meta: metaOf(report, context.period, site, world.nowMs, [main], lastingShare),
  };
  if (!parameters.comparison) return answer;

  const period = resolveComparison(parameters.comparison, context.period, { ...site, nowMs: world.nowMs });
  const { matchBy } = report;
  const compared = await ask(
    report,
    parameters,
    {
      ...at(context, period),
      ...(matchBy && { only: answer.rows.map((row) => String(row[matchBy])) }),
    },
    world,
  );
  const { rows, totals } = split(compared.rows);
  return {
    ...answer,
    compared_rows: rows,
    ...(totals && { compared_totals: totals }),
    meta: {
      ...metaOf(report, context.period, site, world.nowMs, [main, compared], lastingShare),
      compared: { from: period.from, to: period.to, until: toLocalTime(period.toMs, site.timeZone) },
    },
  };
}

function refuseTooMany({ limit = 0 }: SharedParameters): void {
  if (limit <= MOST_ROWS_GATHERED) return;
  const message = `Expected at most ${MOST_ROWS_GATHERED} rows as JSON, found ${limit}: ask for CSV`;
  throw new ReportError('limit', message);
}

/** Rows alone, as they come, with the days that they are of. */
export type RowList = { period: Pick<Period, 'from' | 'to'>; rows: AsyncIterable<object> | Iterable<object> };

/**
 * The rows of the period, without totals and comparison, read one after the other: for lists too long to be held. Reading
 * them throws StorageError where the engine breaks off.
 */
export async function listRows<Parameters extends SharedParameters, Row extends object>(
  report: Report<Parameters, Row>,
  asked: Parameters,
  site: ReportSite,
  world: ReportWorld,
): Promise<RowList> {
  const parameters = await withSegments(asked, site, world);
  const context = await contextOf(parameters, site, world);
  const { text, parameters: values } = renderSql(report.compose(parameters, context));
  const { reader, signal } = world;
  const stream = await reader.stream(text, {
    parameters: values,
    format: 'JSONEachRow',
    ...(signal && { signal }),
  });
  return { period: context.period, rows: rowsOf<Row>(stream, report.isUndivided?.(parameters) ?? false) };
}

async function* rowsOf<Row extends object>(
  stream: AsyncIterable<Uint8Array | string>,
  listsTotal: boolean,
): AsyncGenerator<Row> {
  for await (const lines of linesOf(stream)) {
    // A row per line, in the columns of the report's own query.
    const { rows, totals } = split(lines.map((line) => JSON.parse(line) as RawRow<Row>));
    yield* rows;
    if (listsTotal && totals) yield totals;
  }
}

/** The query of a report as it would run. */
export async function composeReport<Parameters extends SharedParameters, Row extends object>(
  report: Report<Parameters, Row>,
  asked: Parameters,
  site: ReportSite,
  world: ReportWorld,
): Promise<Sql> {
  const parameters = await withSegments(asked, site, world);
  return report.compose(parameters, await contextOf(parameters, site, world));
}

export async function contextOf(
  parameters: SharedParameters,
  site: ReportSite,
  world: ReportWorld,
): Promise<ReportContext> {
  const period = resolvePeriod(parameters.period, { ...site, nowMs: world.nowMs });
  const [identity, rules, goals, settledDays] = await Promise.all([
    readIdentity(world.reader, site.siteId, world.nowMs),
    readRules(world.reader, site.siteId),
    readGoals(world.reader, site.siteId),
    readSettledDays(world.reader, site.siteId, site.timeZone),
  ]);
  return {
    period,
    timeZone: site.timeZone,
    currency: site.currency,
    scope: {
      siteId: site.siteId,
      fromMs: period.fromMs,
      toMs: period.toMs,
      nowMs: world.nowMs,
      countsTests: site.countsTests,
      identity,
      rules,
      settledDays,
    },
    goalOf(goalId) {
      const goal = goals.get(goalId);
      if (!goal) throw new ReportError('goal', `There is no goal ${goalId} on this site`);
      return goal;
    },
  };
}

/** The same question with the filters of saved segments written out. Throws ReportError for one that is not there. */
export async function withSegments<Asked extends { filters?: Filter[] | undefined }>(
  asked: Asked,
  site: ReportSite,
  { reader }: Pick<ReportWorld, 'reader'>,
): Promise<Asked> {
  if (!JSON.stringify(asked.filters ?? []).includes('"segment"')) return asked;
  const { rows } = await reader.query<{ item_id: string; body: string }>(READ_SEGMENTS, {
    parameters: { site_id: site.siteId },
  });
  const bodies = new Map(rows.map(({ item_id: id, body }) => [id, body]));
  const filters = expandSegments(asked.filters ?? [], (id) => {
    const body = segmentShape.safeParse(parseJson(bodies.get(id) ?? ''));
    if (!body.success) throw new ReportError('filters', `There is no segment ${id} on this site`);
    return body.data.filters;
  });
  return { ...asked, filters };
}

/** What lies in `saved_items.body` of a segment; other fields are its page's. */
const segmentShape = z.object({ filters: filtersShape });

const READ_SEGMENTS = `
SELECT toString(item_id) AS item_id, body FROM saved_items FINAL
WHERE site_id = {site_id:String} AND kind = 'segment' AND NOT is_deleted`;

function at(context: ReportContext, period: Period): ReportContext {
  return { ...context, period, scope: { ...context.scope, fromMs: period.fromMs, toMs: period.toMs } };
}

async function readGoals(reader: Pick<Storage, 'query'>, siteId: string): Promise<Map<string, Condition>> {
  const { rows } = await reader.query<{ goal_id: string; condition: string }>(
    'SELECT toString(goal_id) AS goal_id, condition FROM goals FINAL WHERE site_id = {site_id:String} AND NOT is_deleted',
    { parameters: { site_id: siteId } },
  );
  return new Map(
    rows.flatMap(({ goal_id: id, condition }): [string, Condition][] => {
      const parsed = conditionShape.safeParse(parseJson(condition));
      return parsed.success ? [[id, parsed.data]] : [];
    }),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A goal that cannot be read is no goal; the one who asks for it is told so.
    return undefined;
  }
}

async function ask<Parameters extends SharedParameters, Row extends object>(
  report: Report<Parameters, Row>,
  parameters: Parameters,
  context: ReportContext,
  { reader, signal }: ReportWorld,
): Promise<QueryResult<RawRow<Row>>> {
  const { text, parameters: values } = renderSql(report.compose(parameters, context));
  return reader.query<RawRow<Row>>(text, {
    parameters: values,
    ...(signal && { signal }),
  });
}

function split<Row extends object>(raw: readonly RawRow<Row>[]): { rows: Row[]; totals?: Row } {
  const rows: Row[] = [];
  let totals: Row | undefined;
  for (const { is_total: isTotal, ...row } of raw) {
    // What is left of RawRow<Row> without its own column is Row; the compiler cannot tell of a generic.
    if (isTotal) totals = row as unknown as Row;
    else rows.push(row as unknown as Row);
  }
  return { rows, ...(totals && { totals }) };
}

export function metaOf(
  report: { definitions: Partial<Record<string, string>> },
  period: Period,
  site: ReportSite,
  nowMs: number,
  results: readonly Pick<QueryResult<unknown>, 'statistics'>[],
  lastingShare: number | null,
): ReportMeta {
  const definitions = Object.entries(report.definitions).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  );
  return {
    asOf: new Date(Math.min(nowMs, period.toMs)).toISOString(),
    timeZone: site.timeZone,
    from: period.from,
    to: period.to,
    queryMs: Math.round(results.reduce((sum, { statistics }) => sum + statistics.elapsedMs, 0)),
    rowsRead: results.reduce((sum, { statistics }) => sum + statistics.rowsRead, 0),
    exact: true,
    identity: { lastingShare },
    definitions: Object.fromEntries(definitions),
  };
}
