import type { PlanFault } from './plan.ts';
import type { EventKind } from './protocol.ts';

/**
 * One row of `events` (collector/schema/001-events.sql) as it lies in the spool and goes to ClickHouse as JSONEachRow.
 * Times are integer milliseconds since the epoch; 64-bit numbers are decimal strings, for JSON would round them; '' is
 * "unknown". A column left out takes its default ('' or 0), so optional fields may be absent. `batch_id` is the
 * inserter's to add.
 */
export type EventRow = {
  site_id: string;
  time: number;
  visitor_id: string;
  event_id: string;
  kind: EventKind | 'alias' | 'screen';
  name: string;
  sent_by: 'browser' | 'server' | 'import';
  client_time: number;
  sent_time: number;
  received_time: number;
  is_time_corrected?: boolean;
  page_view_id?: string;
  seq?: number;
  session_hint?: string;
  anonymous_id?: string;
  /** The cookieless visitor that this lasting one was until they consented, a moment ago on this page. */
  cookieless_visitor_id?: string;
  user_id?: string;
  account_id?: string;
  consent?: '' | 'granted' | 'denied';
  is_bot?: boolean;
  is_test?: boolean;
  plan_fault?: PlanFault;
  hostname?: string;
  path?: string;
  query?: string;
  title?: string;
  previous_path?: string;
  status?: number;
  referrer?: string;
  source?: string;
  medium?: string;
  campaign?: string;
  content?: string;
  term?: string;
  channel?: string;
  click_id_kind?: string;
  country?: string;
  region?: string;
  city?: string;
  language?: string;
  browser?: string;
  browser_version?: string;
  os?: string;
  os_version?: string;
  device?: string;
  screen?: string;
  engaged_ms?: number;
  scroll_percent?: number;
  target?: string;
  /** Decimal text with up to 4 places ('19.99'): a float would not add up. */
  revenue?: string;
  currency?: string;
  order_id?: string;
  properties?: Record<string, string>;
  numeric_properties?: Record<string, number>;
};
