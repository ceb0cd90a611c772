/** Who sent a batch, as far as reports may know: facts that hold for all its events. The address ends here. */

import type { Site } from '../sites.ts';
import type { BatchFacts } from '../validate.ts';
import type { World } from '../world.ts';
import type { Agent, AgentHeaders } from './agent.ts';
import type { Place } from './country.ts';
import { clockCorrection } from './event-time.ts';
import { isForged } from './forged.ts';
import { toLanguage } from './language.ts';
import { toScreenClass } from './screen.ts';
import type { VisitorKey } from './visitor.ts';
import type { Visits } from './visits.ts';

/** What the connection and the headers say. Lives as long as the request does. */
export type Connection = AgentHeaders & {
  address: string;
  acceptLanguage: string | undefined;
  /** Sec-GPC or DNT says that the visitor does not want to be followed. */
  hasPrivacySignal: boolean;
  /** Hostname of the page that sent it, by the Origin header; '' if the sender names none. */
  originHostname: string;
};

export type Sender = {
  site: Site;
  sentBy: 'browser' | 'server' | 'import';
  /** Holds a secret key: its times are taken as they are. */
  isTrusted: boolean;
  sentAt: number;
  receivedAt: number;
  correctionMs: number;
  visitor: VisitorKey;
  visits: Visits;
  anonymousId: string;
  userId: string;
  accountId: string;
  consent: '' | 'granted' | 'denied';
  agent: Agent;
  place: Place;
  language: string;
  screen: string;
  isTest: boolean;
};

/** A browser's batch. `facts` are as the site's policy has left them. */
export function toBrowserSender(
  facts: BatchFacts,
  site: Site,
  connection: Connection,
  receivedAt: number,
  world: World,
): Sender {
  const { address, userAgent } = connection;
  const visitor: VisitorKey =
    facts.anonymousId === undefined
      ? { by: 'address', site: site.id, address, userAgent, isImported: false }
      : { by: 'device', site: site.id, anonymousId: facts.anonymousId };
  return {
    site,
    sentBy: 'browser',
    isTrusted: false,
    sentAt: facts.sentAt,
    receivedAt,
    correctionMs: clockCorrection(facts.sentAt, receivedAt),
    visitor,
    visits: world.visits,
    anonymousId: facts.anonymousId ?? '',
    userId: facts.userId ?? '',
    accountId: facts.accountId ?? '',
    consent: facts.consent ?? '',
    agent: isForged(connection) ? { ...world.agentOf(connection), is_bot: true } : world.agentOf(connection),
    place: world.placeOf(address),
    language: toLanguage(connection.acceptLanguage),
    screen: toScreenClass(facts.screenWidth),
    isTest: facts.test === true && !site.settings.countTestEvents,
  };
}
