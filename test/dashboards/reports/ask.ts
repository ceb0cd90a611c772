/** Asks a report about rows put into a real engine, as the API would: parameters pass through their schema first. */
import type { EventRow } from '../../../collector/row.ts';
import type { Report, SharedParameters } from '../../../dashboards/reports/report.ts';
import { type ReportAnswer, type ReportSite, runReport } from '../../../dashboards/reports/run.ts';
import type { TestEngine } from '../../engine.ts';
import { toEventRows } from '../oracle/rows.ts';
import { eventsOf, type WorldEvent } from '../oracle/world.ts';

export type Asked = { nowMs: number; site?: Partial<ReportSite> };

export async function askReport<Parameters extends SharedParameters, Row extends object>(
  engine: TestEngine,
  siteId: string,
  report: Report<Parameters, Row>,
  parameters: unknown,
  { nowMs, site }: Asked,
): Promise<ReportAnswer<Row>> {
  return runReport(
    report,
    report.parameters.parse(parameters),
    { siteId, timeZone: 'UTC', currency: 'EUR', countsTests: false, firstDay: '', ...site },
    { reader: engine.reader, nowMs },
  );
}

/** Puts events into the engine; what a world does not say (page titles, referrers, …) comes as `extra`. */
export async function putEvents(
  { storage }: TestEngine,
  siteId: string,
  events: readonly Partial<WorldEvent & { extra: Partial<EventRow> }>[],
): Promise<void> {
  const rows = toEventRows(siteId, eventsOf(events));
  await storage.insert(
    'events',
    rows.map((row, index) => ({ ...row, ...events[index]?.extra })),
  );
}

/** "2026-11-02 10:30" in UTC as milliseconds. */
export function at(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}${text.length === 16 ? ':00' : ''}Z`);
}
