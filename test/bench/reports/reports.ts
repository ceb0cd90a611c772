import type { Storage } from '../../../collector/storage/storage.ts';
import { findReport } from '../../../dashboards/reports/registry.ts';
import type { Round } from './compare.ts';
import { DAYS, FROM_MS } from './events.ts';
import { VISITS_SITE } from './visits.ts';

const DAY_MS = 86_400_000;
const TO_MS = FROM_MS + DAYS * DAY_MS;
/** The last 30 of the 90 days, so a third of the events. */
const LAST_DAYS = 30;
const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
const period = { from: dayOf(TO_MS - LAST_DAYS * DAY_MS), to: dayOf(TO_MS - DAY_MS) };
const all = { from: dayOf(FROM_MS), to: dayOf(TO_MS - DAY_MS) };
const site = {
  siteId: VISITS_SITE,
  timeZone: 'UTC',
  currency: 'EUR',
  countsTests: false,
  firstDay: dayOf(FROM_MS),
};
const goal = { event: 'purchase' };
const isGerman = { field: 'country', operator: 'is', values: ['DE'] };

type Question = {
  report: string;
  asked: object;
  says: string;
  reads: readonly string[];
  /** When it is asked, and that it takes no period. */
  nowMs?: number;
};

const VISIT = ['time', 'visitor_id', 'kind', 'event_id', 'path', 'engaged_ms'];

/** What the overview asks for when it is opened. */
const PANELS: readonly Question[] = [
  { report: 'overview', says: 'by day', asked: { interval: 'day' }, reads: VISIT },
  ...(['channel', 'page', 'country', 'device', 'event'] as const).map((dimension) => ({
    report: 'breakdown',
    says: `by ${dimension}`,
    asked: { dimension, limit: 8 },
    reads: [...VISIT, ...(dimension === 'page' ? [] : [dimension === 'event' ? 'name' : dimension])],
  })),
];

const OTHERS: readonly Question[] = [
  { report: 'overview', says: 'by hour', asked: { interval: 'hour' }, reads: VISIT },
  {
    report: 'breakdown',
    says: 'by channel, of one country',
    asked: { dimension: 'channel', filters: [isGerman] },
    reads: [...VISIT, 'channel', 'country'],
  },
  {
    report: 'breakdown',
    says: 'by channel, with a goal',
    asked: { dimension: 'channel', goal },
    reads: [...VISIT, 'channel', 'name', 'revenue', 'order_id'],
  },
  {
    report: 'conversion',
    says: 'in all',
    asked: { goal },
    reads: [...VISIT, 'name', 'revenue', 'order_id'],
  },
  {
    report: 'attribution',
    says: 'last non-direct',
    asked: { goal },
    reads: ['time', 'visitor_id', 'kind', 'event_id', 'name', 'source', 'revenue', 'order_id'],
  },
  {
    report: 'retention',
    says: 'by day',
    asked: { interval: 'day' },
    reads: ['time', 'visitor_id', 'kind', 'name'],
  },
  { report: 'stickiness', says: 'by day', asked: {}, reads: ['time', 'visitor_id', 'name'] },
  { report: 'lifecycle', says: 'by week', asked: {}, reads: ['time', 'visitor_id', 'name'] },
  {
    report: 'paths',
    says: 'of pages',
    asked: {},
    reads: ['time', 'visitor_id', 'kind', 'event_id', 'seq', 'path'],
  },
  {
    report: 'engagement',
    says: 'by page',
    asked: {},
    reads: ['time', 'visitor_id', 'kind', 'event_id', 'page_view_id', 'path', 'engaged_ms', 'scroll_percent'],
  },
  { report: 'web-vitals', says: 'in all', asked: {}, reads: ['time', 'kind', 'numeric_properties'] },
  { report: 'clicks', says: 'in all', asked: {}, reads: ['time', 'visitor_id', 'kind', 'path', 'target'] },
  {
    report: 'people',
    says: 'latest first',
    asked: {},
    reads: ['time', 'visitor_id', 'kind', 'user_id', 'source', 'country', 'device', 'browser', 'properties'],
  },
  {
    report: 'explore',
    says: 'a sum by day',
    asked: { series: [{ event: goal, metric: 'sum', property: 'revenue' }], interval: 'day' },
    reads: ['time', 'visitor_id', 'name', 'revenue', 'currency', 'order_id'],
  },
  {
    report: 'timeline',
    says: 'of one person',
    // Of the lasting visitor 7 of visits.ts: cityHash64(toUInt32(7), 'lasting').
    asked: { person: '16138361061558382262' },
    reads: ['time', 'visitor_id'],
  },
  { report: 'catalogue', says: 'of all names', asked: {}, reads: ['time', 'name', 'properties'] },
  {
    report: 'live',
    says: 'half an hour',
    asked: {},
    reads: ['time', 'visitor_id', 'kind', 'path', 'source', 'country', 'device'],
    // In the evening of the last day.
    nowMs: TO_MS - DAY_MS / 4,
  },
  {
    report: 'data-quality',
    says: 'by day',
    asked: {},
    reads: ['time', 'sent_by', 'received_time', 'client_time', 'is_bot', 'is_test', 'is_time_corrected'],
  },
];

export function reportRounds(): Round[] {
  const rounds = [...PANELS, ...OTHERS].flatMap((question) => {
    const scan = scanOf(question.reads);
    return [
      scan,
      { name: `${question.report}, ${question.says}`, run: ask(question), comparedWith: [scan.name] },
    ];
  });
  const panels = `overview page, ${PANELS.length} panels at once`;
  const together: Round[] = [
    {
      name: panels,
      run: (reader) => Promise.all(PANELS.map((question) => ask(question)(reader))),
      comparedWith: [scanOf(VISIT).name],
    },
    {
      name: `overview page, all ${DAYS} days`,
      run: (reader) => Promise.all(PANELS.map((question) => ask(question, all)(reader))),
      comparedWith: [panels],
    },
  ];
  return [...new Map([...rounds, ...together].map((round) => [round.name, round])).values()];
}

function ask({ report, asked, nowMs }: Question, days = period) {
  return (reader: Storage) => {
    const found = findReport(report);
    if (!found) throw new Error(`There is no report ${report}`);
    const question = nowMs === undefined ? { period: days, ...asked } : asked;
    return found.answer(question, site, { reader, nowMs: nowMs ?? TO_MS + DAY_MS });
  };
}

function scanOf(columns: readonly string[]): Round {
  return {
    name: `scan of ${columns.join(', ')}`,
    comparedWith: [],
    run: (reader) =>
      reader.query(
        `SELECT count() FROM events
         WHERE site_id = {site:String} AND NOT ignore(${columns.join(', ')})
           AND time >= fromUnixTimestamp64Milli({from:Int64}) AND time < fromUnixTimestamp64Milli({to:Int64})`,
        { parameters: { site: VISITS_SITE, from: TO_MS - LAST_DAYS * DAY_MS, to: TO_MS } },
      ),
  };
}
