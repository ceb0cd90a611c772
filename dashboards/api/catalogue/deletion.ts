/** Deleting events by a filter: what goes, and what was made of it. It cannot be taken back. */
import { z } from 'zod';
import { recordDeletion } from '../../../collector/deletions.ts';
import { rebuildViews } from '../../../collector/insert/derived.ts';
import { writeNewIds } from '../../../collector/insert/known-ids.ts';
import { toSiteId } from '../../../collector/protocol.ts';
import type { Storage } from '../../../collector/storage/storage.ts';
import { unsettle } from '../../../collector/unsettle.ts';
import { pathShape, pathSql } from '../../reports/conditions.ts';
import { eventTest } from '../../reports/filters/event-tests.ts';
import { type PeriodParameter, periodShape } from '../../reports/period/period.ts';
import { ownFact } from '../../reports/rules/rules.ts';
import type { ReportSite } from '../../reports/run.ts';
import { wildcardToRegex } from '../../reports/wildcard.ts';
import { allOf, bind, renderSql, type Sql, sql } from '../../sql.ts';
import { matchingEvents } from './matching-events.ts';

const fields = {
  period: periodShape,
  event: z.string().min(1).max(100).optional().describe('Only events of this name, as it was sent.'),
  page: pathShape.optional().describe('Only events on such a path, of every kind.'),
  hostname: z.string().min(1).max(253).optional().describe('Only on this host; `*` stands for any text.'),
  userId: z.string().min(1).max(200).optional().describe('Only events that bear this user.'),
  filters: z.array(ownFact).max(20).optional().describe('What the events bear besides, as they were sent.'),
};

const SAYS_WHICH = {
  message:
    'Expected "event", "page", "hostname", "userId" or "filters": to delete everything, remove the site',
};
const saysWhich = ({ period: _, ...which }: Record<string, unknown>) =>
  Object.values(which).some((one) => one !== undefined && !(Array.isArray(one) && one.length === 0));

export const deletionFilterBody = z.strictObject(fields).refine((one) => saysWhich(one), SAYS_WHICH);
export type DeletionFilter = z.output<typeof deletionFilterBody>;

export const deletionBody = z
  .strictObject({
    ...fields,
    expectedEvents: z
      .number()
      .int()
      .min(0)
      .describe('How many the preview counted: if it is another number now, nothing is deleted.'),
  })
  .refine(({ expectedEvents: _, ...which }) => saysWhich(which), SAYS_WHICH);

export function deletionTest({
  event,
  page,
  hostname,
  userId,
  filters = [],
}: Omit<DeletionFilter, 'period'>): Sql {
  return allOf([
    ...(event === undefined ? [] : [sql`name = ${bind('event', 'String', event)}`]),
    ...(page ? [pathSql(page)] : []),
    ...(hostname === undefined
      ? []
      : [sql`match(toString(hostname), ${bind('hostname', 'String', wildcardToRegex(hostname))})`]),
    ...(userId === undefined ? [] : [sql`user_id = ${bind('user', 'String', userId)}`]),
    ...filters.map(eventTest),
  ]);
}

/**
 * Resolves once the events are gone from every answer, and what was made of them (orders, identities) is made anew of
 * those that are left. Their ids stay known, so that a late repeat does not bring them back. What was received by now and
 * waits in a spool goes when it is stored.
 */
export async function deleteEvents(
  storage: Storage,
  site: ReportSite,
  period: PeriodParameter,
  test: Sql,
  nowMs: number,
): Promise<void> {
  const siteId = toSiteId(site.siteId);
  if (!siteId) throw new Error(`Not a site's id: ${site.siteId}`);
  const { text: condition, parameters } = renderSql(matchingEvents(site, period, test, nowMs));
  await recordDeletion(storage, { siteId, requestedAt: nowMs, condition, parameters });
  await writeNewIds(storage, condition, parameters, nowMs);
  await storage.command(`ALTER TABLE events DELETE WHERE ${condition}`, {
    parameters,
    settings: { mutations_sync: 2 },
  });
  await rebuildViews(storage, siteId);
  await unsettle(storage, siteId);
}
