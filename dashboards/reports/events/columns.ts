/**
 * The columns of an event that reports may read: closed lists, and the only ones. Most are columns of the table `events`
 * (collector/schema/001-events.sql); two are worked out from the site's rules.
 */
import { identifiers } from '../../sql.ts';

/** Where a session came from and what it was made with. Each event bears them; a session's are those of its first page view. */
export const SESSION_COLUMNS = [
  'source',
  'medium',
  'channel',
  'campaign',
  'content',
  'term',
  'referrer',
  'click_id_kind',
  'country',
  'region',
  'city',
  'language',
  'browser',
  'browser_version',
  'os',
  'os_version',
  'device',
  'screen',
] as const;

/** Worked out when a report asks (rules/reading.ts): the page group that the path belongs to; whether lists show the event. */
export const RULED_COLUMNS = ['page_group', 'is_listed'] as const;

/** What the facts of single events are read from. */
export const FACT_COLUMNS = [
  'kind',
  'name',
  'path',
  'title',
  'hostname',
  'query',
  'status',
  'target',
  'anonymous_id',
  'user_id',
  'account_id',
  'consent',
  'sent_by',
  'properties',
  'numeric_properties',
  ...RULED_COLUMNS,
] as const;

export const EVENT_COLUMNS = [
  'event_id',
  'received_time',
  'page_view_id',
  'seq',
  'previous_path',
  ...FACT_COLUMNS,
  ...SESSION_COLUMNS,
  'engaged_ms',
  'scroll_percent',
  'revenue',
  'currency',
  'order_id',
] as const;
export type EventColumn = (typeof EVENT_COLUMNS)[number];

export const eventColumn = identifiers(EVENT_COLUMNS);
