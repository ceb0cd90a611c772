/** One event as a row of `events`. Each fact has a file of its own; this one only names them. */
import type { TrackedEvent } from '../protocol.ts';
import type { EventRow } from '../row.ts';
import { dayOf } from '../salts.ts';
import type { World } from '../world.ts';
import type { Campaign } from './campaign.ts';
import { NO_EVENT_ID, toEventId } from './event-id.ts';
import type { EventTime } from './event-time.ts';
import { addKindFacts } from './kind-facts.ts';
import type { PageUrl } from './page-url.ts';
import type { Referrer } from './referrer.ts';
import type { Sender } from './sender.ts';
import { toVisitorId } from './visitor.ts';

/** `page` is the parsed `event.url`, `eventTime` the corrected `event.at`. */
export function toRow(
  event: TrackedEvent,
  page: PageUrl,
  { time, isCorrected }: EventTime,
  sender: Sender,
  world: World,
): EventRow {
  const eventId = toEventId(event.id);
  const pageViewId = toPageViewId(event, eventId);
  const visitorId = toVisitorId(sender.visitor, time, dayOf(sender.receivedAt), world.salts, sender.visits);
  const row: EventRow = {
    site_id: sender.site.id,
    time,
    visitor_id: visitorId,
    event_id: eventId,
    kind: event.kind,
    name: event.kind === 'custom' ? event.name : event.kind,
    sent_by: sender.sentBy,
    client_time: Math.floor(event.at),
    sent_time: Math.floor(sender.sentAt),
    received_time: sender.receivedAt,
    page_view_id: pageViewId,
    hostname: page.hostname,
    path: page.path,
  };
  addLink(row, pageViewId, sender);
  row.session_hint = sender.visits.touch(visitorId, time);
  if (isCorrected) row.is_time_corrected = true;
  if (event.seq !== undefined) row.seq = Math.floor(event.seq);
  if (page.query !== '') row.query = page.query;
  addSenderFacts(row, sender);
  if (event.kind === 'page_view') {
    addAcquisition(row, page.campaign, world.referrerOf(event.referrer, page.hostname), world);
    const previous = event.previousUrl && world.pageOf(event.previousUrl, sender.site.settings);
    if (previous) row.previous_path = previous.path;
  }
  addKindFacts(row, event);
  if (event.kind === 'custom' && sender.site.settings.plan.mode === 'observe') {
    const fault = sender.site.planFaultOf(event.name, event.properties);
    if (fault !== undefined) row.plan_fault = fault.kind;
  }
  return row;
}

function toPageViewId(event: TrackedEvent, eventId: string): string {
  if (event.kind === 'page_view') return eventId;
  return event.pageView === undefined ? NO_EVENT_ID : toEventId(event.pageView);
}

/**
 * A visitor who consents in mid-visit goes on with a lasting id. Their next event on a page which the cookieless visitor
 * saw proves that the two are one; nothing else does, for others may share the address and the browser.
 */
function addLink(row: EventRow, pageViewId: string, sender: Sender): void {
  const { visits } = sender;
  if (pageViewId === NO_EVENT_ID) return;
  if (sender.visitor.by === 'address') {
    if (row.kind === 'page_view') visits.notePageView(pageViewId, row.visitor_id);
    return;
  }
  const cookielessId = visits.cookielessVisitorOf(pageViewId);
  if (cookielessId === undefined || sender.visitor.by !== 'device') return;
  row.cookieless_visitor_id = cookielessId;
  visits.adopt(cookielessId, row.visitor_id);
}

/** Columns left out take their defaults; most visitors have no user, no region, and are no bots. */
function addSenderFacts(row: EventRow, sender: Sender): void {
  const { agent, place } = sender;
  if (sender.anonymousId !== '') row.anonymous_id = sender.anonymousId;
  if (sender.userId !== '') row.user_id = sender.userId;
  if (sender.accountId !== '') row.account_id = sender.accountId;
  if (sender.consent !== '') row.consent = sender.consent;
  if (agent.is_bot) row.is_bot = true;
  if (sender.isTest) row.is_test = true;
  if (place.country !== '') row.country = place.country;
  if (place.region !== '') row.region = place.region;
  if (place.city !== '') row.city = place.city;
  if (sender.language !== '') row.language = sender.language;
  if (sender.screen !== '') row.screen = sender.screen;
  row.browser = agent.browser;
  row.browser_version = agent.browser_version;
  row.os = agent.os;
  row.os_version = agent.os_version;
  row.device = agent.device;
}

/** Page views alone bear where their visitor came from; a session's source is that of its first one. */
function addAcquisition(row: EventRow, campaign: Campaign, referrer: Referrer, world: World): void {
  const { source, medium, channel } = world.acquisitionOf(campaign, referrer);
  row.channel = channel;
  if (referrer.referrer !== '') row.referrer = referrer.referrer;
  if (source !== '') row.source = source;
  if (medium !== '') row.medium = medium;
  if (campaign.campaign !== '') row.campaign = campaign.campaign;
  if (campaign.content !== '') row.content = campaign.content;
  if (campaign.term !== '') row.term = campaign.term;
  if (campaign.click_id_kind !== '') row.click_id_kind = campaign.click_id_kind;
}
