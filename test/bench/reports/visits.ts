import type { Storage } from '../../../collector/storage/storage.ts';
import { DAYS, FROM_MS } from './events.ts';

export const VISITS_SITE = 'visits';

const EVENTS_PER_SESSION = 8;
const SESSIONS_PER_INSERT = 200_000;

/**
 * A site as most are, over 90 days: sessions of 1 to 15 events, half a minute apart on average. Of three sessions two are
 * cookieless (four visitors in five come once that day, one twice), one is a lasting visitor's; one lasting visitor in
 * ten signs in. Ids, times and texts vary as the collector's do, so that the bytes on disk are what they would be.
 */
export async function fillVisits(storage: Storage, count: number): Promise<void> {
  const sessions = Math.ceil(count / EVENTS_PER_SESSION);
  for (let first = 0; first < sessions; first += SESSIONS_PER_INSERT) {
    await storage.command(FILL, {
      parameters: {
        first,
        count: Math.min(SESSIONS_PER_INSERT, sessions - first),
        sessions,
        lasting: Math.max(1, Math.floor(sessions / 15)),
        site: VISITS_SITE,
        from: FROM_MS,
        days: DAYS,
      },
      // Rows are wide and eight times as many as numbers: small blocks keep them within the engine's memory.
      settings: {
        max_block_size: 8_192,
        min_insert_block_size_rows: 500_000,
        min_insert_block_size_bytes: 200_000_000,
      },
    });
  }
}

const FILL = `
INSERT INTO events (
  site_id, time, visitor_id, event_id, batch_id, kind, name, sent_by, client_time, sent_time, received_time, page_view_id,
  seq, session_hint, anonymous_id, user_id, hostname, path, title, previous_path, referrer, source, medium, channel,
  campaign, country, language, browser, browser_version, os, os_version, device, screen, engaged_ms, scroll_percent,
  target, revenue, currency, order_id, properties
)
WITH
  is_lasting ? cityHash64(session, 'who') % {lasting:UInt32} : 0 AS lasting,
  is_lasting ? cityHash64(lasting, 'lasting') : cityHash64(intDiv(session, 6) * 4 + least(session % 6, 3), 'daily') AS visitor,
  -- Day after day, as events arrive; a cookieless visitor lives for one.
  intDiv(intDiv(session, 6) * 6 * {days:UInt32}, {sessions:UInt64}) AS day,
  {from:Int64} + day * 86400000 + cityHash64(session, 'o''clock') % 79200000 AS begun,
  is_lasting AND lasting % 10 = 0 AS is_known,
  place = 0 OR dice < 45 AS is_view,
  multiIf(is_view, 'page_view', dice < 75, 'engagement', dice < 92, 'custom', dice < 97, 'click', 'web_vitals') AS deed,
  multiIf(dice < 83, 'view_product', dice < 88, 'add_to_cart', dice < 91, 'checkout', 'purchase') AS act,
  deed = 'custom' AND act = 'purchase' AS is_sale,
  cityHash64(session, 'source') % 100 AS from_where,
  floor(500 * pow(cityHash64(event, 'page') % 1000 / 1000, 3)) AS page,
  begun + 500 + place * 28000 + cityHash64(event, 'at') % 25000 AS at,
  fromUnixTimestamp64Milli(at, 'UTC') AS moment
SELECT
  {site:String}, moment, visitor,
  UUIDNumToString(toFixedString(concat(unhex(leftPad(lower(hex(at)), 12, '0')), reinterpretAsFixedString(cityHash64(event)), reinterpretAsFixedString(toUInt16(cityHash64(event, 'more')))), 16)),
  intDiv(at, 1000), deed, if(deed = 'custom', act, deed), 'browser',
  moment, fromUnixTimestamp64Milli(at + cityHash64(event, 'sent') % 900, 'UTC'), fromUnixTimestamp64Milli(at + 900 + cityHash64(event, 'received') % 80, 'UTC'),
  reinterpretAsUUID(concat(reinterpretAsFixedString(cityHash64(session, intDiv(place, 3))), reinterpretAsFixedString(cityHash64(session, intDiv(place, 3), 'more')))),
  place, cityHash64(session, 'hint'),
  if(is_lasting, concat('a', toString(cityHash64(lasting))), ''), if(is_known, concat('user-', toString(lasting)), ''),
  'shop.example', if(place = 0 AND from_where < 40, '/', concat('/products/', toString(page))), concat('Product ', toString(page), ' – Shop'),
  if(is_view AND place > 0, concat('/products/', toString(cityHash64(event, 'before') % 500)), ''),
  if(place = 0 AND from_where BETWEEN 20 AND 60, 'www.google.com/', ''),
  is_view ? multiIf(from_where < 20, '', from_where < 60, 'google', from_where < 75, 'newsletter', from_where < 85, 'bing', concat('partner-', toString(from_where % 7))) : '',
  is_view ? multiIf(from_where < 20, '', from_where < 60, 'organic', from_where < 75, 'email', 'referral') : '',
  is_view ? multiIf(from_where < 20, 'direct', from_where < 60, 'organic_search', from_where < 75, 'email', 'referral') : '',
  is_view AND from_where BETWEEN 60 AND 74 ? concat('week-', toString(intDiv(day, 7))) : '',
  ['DE', 'AT', 'CH', 'FR', 'US', 'GB', 'NL', 'PL', 'IT', 'ES'][toUInt8(10 * pow(cityHash64(visitor, 'country') % 1000 / 1000, 2)) + 1],
  ['de', 'en', 'fr'][cityHash64(visitor, 'language') % 3 + 1],
  ['Chrome', 'Safari', 'Firefox', 'Edge'][toUInt8(4 * pow(cityHash64(visitor, 'browser') % 1000 / 1000, 2)) + 1], toString(120 + cityHash64(visitor, 'version') % 20),
  ['Windows', 'iOS', 'Android', 'macOS'][cityHash64(visitor, 'os') % 4 + 1], toString(10 + cityHash64(visitor, 'os_version') % 8),
  ['mobile', 'desktop', 'tablet'][toUInt8(3 * pow(cityHash64(visitor, 'device') % 1000 / 1000, 2)) + 1],
  ['small', 'medium', 'large'][cityHash64(visitor, 'screen') % 3 + 1],
  deed = 'engagement' ? cityHash64(event, 'engaged') % 40000 : 0, deed = 'engagement' ? cityHash64(event, 'depth') % 101 : 0,
  deed = 'click' ? concat('button.add-', toString(cityHash64(event, 'target') % 30)) : '',
  is_sale ? toDecimal64(5 + cityHash64(event, 'price') % 200, 4) : 0, is_sale ? 'EUR' : '', is_sale ? concat('order-', toString(event)) : '',
  deed = 'custom' ? map('plan', ['free', 'pro'][cityHash64(visitor, 'plan') % 2 + 1], 'position', toString(cityHash64(event, 'position') % 12)) : map()
FROM (
  SELECT
    number AS session, session % 3 = 2 AS is_lasting,
    arrayJoin(range(1 + cityHash64(session, 'length') % 15)) AS place,
    session * 16 + place AS event,
    cityHash64(event, 'dice') % 100 AS dice
  FROM numbers({first:UInt64}, {count:UInt64})
)`;
