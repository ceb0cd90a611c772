/** A message as a row: whom it is about, when it happened, and whether the site takes it. */

import { isTooOld, OLDEST_DAYS } from '../enrich/enrich.ts';
import { toEventTime } from '../enrich/event-time.ts';
import { toImportedSender } from '../enrich/imported-sender.ts';
import { EMPTY_PAGE } from '../enrich/page-url.ts';
import type { Connection, Sender } from '../enrich/sender.ts';
import { toBrowserSender } from '../enrich/sender.ts';
import { toRow } from '../enrich/to-row.ts';
import { ruleOnBatch, ruleOnPage, ruleOnPlan } from '../policy.ts';
import type { RefusalReason } from '../protocol.ts';
import type { EventRow } from '../row.ts';
import type { BatchFacts } from '../validate.ts';
import type { World } from '../world.ts';
import type { Message } from './message.ts';
import { bag } from './message.ts';
import type { Translated } from './to-event.ts';
import { toEvent } from './to-event.ts';
import type { Writer } from './writer.ts';

export type SegmentRequest = { writer: Writer; connection: Connection; sentAt: number; receivedAt: number };
export type Outcome = { row: EventRow } | { reason: RefusalReason; message: string };

export function toSegmentRow(message: Message, request: SegmentRequest, world: World): Outcome {
  const { writer, receivedAt } = request;
  const { site, isTrusted } = writer;
  const said = message.at ?? request.sentAt;
  const eventTime = isTrusted
    ? { time: Math.floor(said), isCorrected: false }
    : toEventTime(said, 0, receivedAt);
  if (!isTrusted && isTooOld(eventTime.time, receivedAt)) {
    return {
      reason: 'malformed',
      message: `Expected "timestamp" within the last ${OLDEST_DAYS} days: older messages need a secret key`,
    };
  }
  const translated = toEvent(message, said, site.currency);
  const sender = toSender(message, translated, request, world);
  if ('reason' in sender) return sender;
  const page = translated.event.url === '' ? EMPTY_PAGE : world.pageOf(translated.event.url, site.settings);
  if (page === undefined)
    return { reason: 'malformed', message: 'Expected the page’s "url" to be an absolute http or https URL' };
  const ruling =
    (page === EMPTY_PAGE ? undefined : ruleOnPage(page, site)) ?? ruleOnPlan(translated.event, site);
  if (ruling !== undefined) return ruling;
  const row = toRow(translated.event, page, eventTime, sender, world);
  if (translated.instead?.kind === 'screen') row.kind = 'screen';
  if (translated.instead?.kind === 'alias') {
    row.kind = 'alias';
    row.name = 'alias';
    // Who is called the same as before is nobody's alias.
    if (translated.instead.target !== row.user_id) row.target = translated.instead.target;
  }
  return { row };
}

/** Segment's browser library is a browser, whose address and agent are its own; any other runs on a server. */
function toSender(
  message: Message,
  { whom }: Translated,
  request: SegmentRequest,
  world: World,
): Sender | Exclude<Outcome, { row: EventRow }> {
  const { writer, connection, sentAt, receivedAt } = request;
  if (bag(message.context.library).name === 'analytics.js' && !writer.isTrusted) {
    const { anonymousId, userId, accountId, screenWidth } = whom;
    const facts: BatchFacts = {
      version: 1,
      site: writer.site.id,
      // Its `timestamp` is taken as it is: no clock is corrected.
      sentAt,
      ...(anonymousId !== undefined && { anonymousId }),
      ...(userId !== undefined && { userId }),
      ...(accountId !== undefined && { accountId }),
      ...(screenWidth !== undefined && { screenWidth }),
    };
    const ruling = ruleOnBatch(facts, writer.site, connection);
    if ('refused' in ruling) return { reason: 'policy', message: ruling.refused };
    return toBrowserSender(ruling.facts, writer.site, connection, receivedAt, world);
  }
  const sentBy = writer.isTrusted && isTooOld(message.at ?? sentAt, receivedAt) ? 'import' : 'server';
  const facts = { version: 1, site: writer.site.id, sentAt, sentBy } as const;
  const sender = toImportedSender(
    { ...whom, at: message.at ?? sentAt },
    facts,
    writer.site,
    receivedAt,
    world,
  );
  if (sender !== undefined) return sender;
  return {
    reason: 'malformed',
    message: 'Expected the message to say whom it is about: userId, anonymousId or context.ip',
  };
}
