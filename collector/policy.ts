/**
 * What a site's settings make of a batch or an event: let in, let in without its lasting ids, or refuse. The tag decides
 * the same in the browser; here it is enforced, whatever sends.
 */

import type { PageUrl } from './enrich/page-url.ts';
import type { Connection } from './enrich/sender.ts';
import type { TrackedEvent } from './protocol.ts';
import type { Site } from './sites.ts';
import type { BatchFacts } from './validate.ts';

/** The batch's facts as they may be used, or a sentence why nothing of it is stored. */
export type BatchRuling = { facts: BatchFacts } | { refused: string };

export function ruleOnBatch(facts: BatchFacts, site: Site, connection: Connection): BatchRuling {
  const { settings } = site;
  if (connection.originHostname !== '' && !site.isAllowedHostname(connection.originHostname)) {
    return { refused: `The site does not take events from pages on ${connection.originHostname}` };
  }
  if (settings.excludedAddresses.length > 0 && site.isExcludedAddress(connection.address)) {
    return { refused: 'The site does not count visits from this address' };
  }
  if (facts.consent === 'granted') return { facts };
  if (settings.consent === 'required') return { refused: 'The site counts visitors only after they consent' };
  if (facts.consent === 'denied') return withoutLastingId(facts, settings.whenDenied);
  if (connection.hasPrivacySignal && settings.privacySignals !== 'ignore') {
    return withoutLastingId(facts, settings.privacySignals);
  }
  return { facts };
}

/** Why an event of a permitted batch is not stored. */
export type EventRuling = { reason: 'policy' | 'unplanned'; message: string };

export function ruleOnPage(page: PageUrl, site: Site): EventRuling | undefined {
  if (!site.isAllowedHostname(page.hostname)) {
    return { reason: 'policy', message: `The site does not take events of ${page.hostname}` };
  }
  if (!site.isExcludedPath(page.path)) return undefined;
  return { reason: 'policy', message: `The site does not count ${page.path}` };
}

/** Where the tracking plan is only observed, its faults are marked on the row instead. */
export function ruleOnPlan(event: TrackedEvent, site: Site): EventRuling | undefined {
  if (site.settings.plan.mode !== 'enforce' || event.kind !== 'custom') return undefined;
  const fault = site.planFaultOf(event.name, event.properties);
  return fault && { reason: 'unplanned', message: fault.message };
}

function withoutLastingId(facts: BatchFacts, instead: 'cookieless' | 'nothing'): BatchRuling {
  if (instead === 'nothing') return { refused: 'The visitor does not want to be counted' };
  if (facts.anonymousId === undefined) return { facts };
  const { anonymousId: _, ...rest } = facts;
  return { facts: rest };
}
