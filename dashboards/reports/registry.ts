/** All reports, by the name that stands in their address. To add one: write its folder, then name it here. */
import type { z } from 'zod';
import { renderSql, type Sql } from '../sql.ts';
import { attribution } from './attribution/report.ts';
import { breakdown } from './breakdown/report.ts';
import { catalogue } from './catalogue/report.ts';
import { clicks } from './clicks/report.ts';
import { conversion } from './conversion/report.ts';
import { dataQuality } from './data-quality/report.ts';
import { engagement } from './engagement/report.ts';
import { readLastingShare } from './events/lasting-share.ts';
import { explore } from './explore/report.ts';
import { funnelParts, funnelRow } from './funnel/answer-shape.ts';
import { FUNNEL_LISTS, listOfFunnel } from './funnel/list.ts';
import { funnelShape } from './funnel/parameters.ts';
import { answerFunnel, funnelSql } from './funnel/report.ts';
import { rowsToRead } from './funnel/rows-to-read.ts';
import { lifecycle } from './lifecycle/report.ts';
import { composeLive, LIVE_DEFINITIONS, liveParameters, liveRow } from './live/report.ts';
import { overview } from './overview/report.ts';
import { paths } from './paths/report.ts';
import { people } from './people/report.ts';
import type { Report, SharedParameters } from './report.ts';
import { retention } from './retention/report.ts';
import { readRules } from './rules/rules.ts';
import {
  composeReport,
  contextOf,
  listRows,
  metaOf,
  type ReportAnswer,
  type ReportSite,
  type ReportWorld,
  type RowList,
  runReport,
  withSegments,
} from './run.ts';
import { stickiness } from './stickiness/report.ts';
import { timeline } from './timeline/report.ts';
import { webVitals } from './web-vitals/report.ts';

/** A report as the API sees it: whatever it is made of, it takes parameters and answers rows. */
export type ReportEntry = {
  name: string;
  title: string;
  description: string;
  parameters: z.ZodType;
  row: z.ZodType;
  /** What the answer holds besides rows. */
  parts?: Record<string, z.ZodType>;
  definitions: Partial<Record<string, string>>;
  /** `parameters` as they came; throws ZodError if they are wrong, ReportError if they name what is not there. */
  answer: (parameters: unknown, site: ReportSite, world: ReportWorld) => Promise<ReportAnswer<object>>;
  /** The rows of `answer`, or those of one of its `lists`, without anything else; for those too long to be held. */
  list: (parameters: unknown, site: ReportSite, world: ReportWorld, list?: string) => Promise<RowList>;
  /** Which other lists there are. */
  lists?: readonly string[];
  /** The query that `answer` would run. */
  explain: (parameters: unknown, site: ReportSite, world: ReportWorld) => Promise<Sql>;
};

function entryOf<Parameters extends SharedParameters, Row extends object>(
  report: Report<Parameters, Row>,
): ReportEntry {
  return {
    ...report,
    answer: (asked, site, world) => runReport(report, report.parameters.parse(asked), site, world),
    list: (asked, site, world) => listRows(report, report.parameters.parse(asked), site, world),
    explain: (asked, site, world) => composeReport(report, report.parameters.parse(asked), site, world),
  };
}

const live: ReportEntry = {
  name: 'live',
  title: 'Live',
  description: 'Who is on the site now, and what happened in the last 30 minutes.',
  parameters: liveParameters,
  row: liveRow,
  definitions: LIVE_DEFINITIONS,
  async answer(asked, site, world) {
    const { text, parameters } = renderSql(await live.explain(asked, site, world));
    const { reader, signal } = world;
    const result = await reader.query<object>(text, { parameters, ...(signal && { signal }) });
    const today = { period: { preset: 'today' as const } };
    const { period } = await contextOf(today, site, world);
    return { rows: result.rows, meta: metaOf(live, period, site, world.nowMs, [result], null) };
  },
  async list(asked, site, world) {
    const { rows, meta } = await live.answer(asked, site, world);
    return { period: meta, rows };
  },
  async explain(asked, site, { reader, nowMs }) {
    liveParameters.parse(asked);
    return composeLive(site, nowMs, await readRules(reader, site.siteId));
  },
};

const funnel: ReportEntry = {
  name: 'funnel',
  title: 'Funnel',
  description:
    'Of the visitors who did step 1 in the period, how many went on to do steps 2, 3, … within the window; where they drop out, how long they take, and who they are.',
  parameters: funnelShape,
  row: funnelRow,
  parts: funnelParts,
  definitions: {
    people:
      'Persons whose furthest step is this one or a later one; each counts once, at the furthest step any attempt reached.',
    drop_off: 'Persons whose furthest step this is and whose window has closed.',
    still_converting: 'Persons whose furthest step this is and whose window is still open.',
  },
  async answer(asked, site, world) {
    const parameters = await withSegments(funnelShape.parse(asked), site, world);
    const context = await contextOf(parameters, site, world);
    const startedAt = performance.now();
    const [answer, lastingShare, rowsRead] = await Promise.all([
      answerFunnel(parameters, { ...context, firstDay: site.firstDay }, world),
      readLastingShare(world.reader, context.scope),
      rowsToRead(world.reader, renderSql(funnelSql(context.scope, parameters)), world.signal),
    ]);
    const statistics = { elapsedMs: performance.now() - startedAt, rowsRead, bytesRead: 0 };
    return {
      ...answer,
      meta: metaOf(funnel, context.period, site, world.nowMs, [{ statistics }], lastingShare),
    };
  },
  lists: FUNNEL_LISTS,
  async list(asked, site, world, list) {
    const parameters = await withSegments(funnelShape.parse(asked), site, world);
    const context = await contextOf(parameters, site, world);
    const rows = await listOfFunnel(parameters, { ...context, firstDay: site.firstDay }, world, list);
    return { period: context.period, rows };
  },
  async explain(asked, site, world) {
    const parameters = await withSegments(funnelShape.parse(asked), site, world);
    const { scope } = await contextOf(parameters, site, world);
    return funnelSql(scope, parameters);
  },
};

export const REPORTS: readonly ReportEntry[] = [
  entryOf(overview),
  entryOf(breakdown),
  entryOf(conversion),
  entryOf(attribution),
  entryOf(retention),
  entryOf(stickiness),
  entryOf(lifecycle),
  entryOf(paths),
  entryOf(engagement),
  entryOf(clicks),
  entryOf(webVitals),
  entryOf(explore),
  entryOf(dataQuality),
  entryOf(people),
  entryOf(timeline),
  entryOf(catalogue),
  funnel,
  live,
];

export function findReport(name: string): ReportEntry | undefined {
  return REPORTS.find((report) => report.name === name);
}
