/** Whom an imported event is about, by what it says itself. The importing server's own address never counts. */
import type { ImportBatch, Whom } from '../import-batch.ts';
import { dayOf } from '../salts.ts';
import type { Site } from '../sites.ts';
import type { World } from '../world.ts';
import { toCanonicalAddress } from './address.ts';
import type { Agent } from './agent.ts';
import type { Place } from './country.ts';
import { toLanguage } from './language.ts';
import { toScreenClass } from './screen.ts';
import type { Sender } from './sender.ts';
import type { VisitorKey } from './visitor.ts';

const NO_AGENT: Agent = {
  browser: '',
  browser_version: '',
  os: '',
  os_version: '',
  device: '',
  is_bot: false,
};
const NOWHERE: Place = { country: '', region: '', city: '' };

/** Undefined if the event does not say whom it is about. */
export function toImportedSender(
  whom: Whom & { at: number },
  facts: Omit<ImportBatch, 'events'>,
  site: Site,
  receivedAt: number,
  world: World,
): Sender | undefined {
  const isLive = facts.sentBy === 'server' && dayOf(whom.at) >= dayOf(receivedAt) - 1;
  const visitor = toVisitorKey(whom, site.id, !isLive);
  if (visitor === undefined) return undefined;
  return {
    site,
    sentBy: facts.sentBy,
    isTrusted: true,
    sentAt: facts.sentAt,
    receivedAt,
    correctionMs: 0,
    visitor,
    visits: isLive ? world.visits : world.importedVisits,
    anonymousId: whom.anonymousId ?? '',
    userId: whom.userId ?? '',
    accountId: whom.accountId ?? '',
    consent: whom.consent ?? '',
    agent: whom.userAgent === undefined ? NO_AGENT : world.agentOf({ userAgent: whom.userAgent }),
    place: whom.ip === undefined ? NOWHERE : world.placeOf(whom.ip),
    language: toLanguage(whom.language),
    screen: toScreenClass(whom.screenWidth),
    isTest: whom.test === true,
  };
}

/** The lasting id, else the address by which the browser's own events of the day are known, else the user. */
function toVisitorKey(whom: Whom, site: string, isImported: boolean): VisitorKey | undefined {
  const { anonymousId, ip, userAgent = '', userId } = whom;
  if (anonymousId !== undefined) return { by: 'device', site, anonymousId };
  if (ip !== undefined)
    return { by: 'address', site, address: toCanonicalAddress(ip), userAgent, isImported };
  return userId === undefined ? undefined : { by: 'user', site, userId };
}
