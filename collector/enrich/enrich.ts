/** Turns a batch's good events into rows, and says of the others why not. */

import { ruleOnPage, ruleOnPlan } from '../policy.ts';
import type { Receipt, RefusalReason, TrackedEvent } from '../protocol.ts';
import type { EventRow } from '../row.ts';
import { DAY_MS } from '../salts.ts';
import type { World } from '../world.ts';
import type { EventTime } from './event-time.ts';
import { toEventTime } from './event-time.ts';
import type { Sender } from './sender.ts';
import { toRow } from './to-row.ts';

export type Enriched = { rows: EventRow[]; refused: Receipt['refused'] };

// As long as a repeated id is recognised (event_ids in the schema): what is older needs a secret key.
export const OLDEST_DAYS = 35;

export function enrich(
  events: readonly { index: number; event: TrackedEvent }[],
  sender: Sender,
  world: World,
): Enriched {
  const enriched: Enriched = { rows: [], refused: [] };
  for (const { index, event } of events) {
    const refuse = (reason: RefusalReason, message: string) =>
      enriched.refused.push({ index, id: event.id, reason, message });
    const eventTime = timeOf(event.at, sender);
    const page = world.pageOf(event.url, sender.site.settings);
    if (page === undefined) {
      refuse('malformed', `Expected "events[${index}].url" to be an absolute http or https URL`);
    } else if (!sender.isTrusted && isTooOld(eventTime.time, sender.receivedAt)) {
      refuse(
        'malformed',
        `Expected "events[${index}].at" within the last ${OLDEST_DAYS} days: older events need a secret key`,
      );
    } else {
      const ruling = ruleOnPage(page, sender.site) ?? ruleOnPlan(event, sender.site);
      if (ruling === undefined) enriched.rows.push(toRow(event, page, eventTime, sender, world));
      else refuse(ruling.reason, ruling.message);
    }
  }
  return enriched;
}

/** With a secret key a time is taken as it is said, years back too. */
function timeOf(at: number, { isTrusted, correctionMs, receivedAt }: Sender): EventTime {
  return isTrusted ? { time: Math.floor(at), isCorrected: false } : toEventTime(at, correctionMs, receivedAt);
}

export function isTooOld(time: number, receivedAt: number): boolean {
  return time < receivedAt - OLDEST_DAYS * DAY_MS;
}
