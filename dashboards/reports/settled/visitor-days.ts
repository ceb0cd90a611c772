/** Stores what each visitor did in a settled day, for funnels (collector/schema/014-settled-visitors.sql). */
import { bind, type Sql, sql } from '../../sql.ts';
import { IS_DEED } from '../events/deeds.ts';
import type { Range } from '../events/scope.ts';
import { isWithin } from '../events/within.ts';

/** `visitors`: a test on `visitor_id`, for a day may be stored in several turns. */
export function visitorDays(
  { siteId, day, ...range }: Range & { siteId: string; day: string },
  version: number,
  visitors: Sql,
): Sql {
  return sql`
INSERT INTO settled_visitors (
  site_id, day, version, visitor_id, first_time, deeds.after_ms, deeds.kind, deeds.name, deeds.path,
  sales.after_ms, sales.kind, sales.name, sales.path, sales.revenue, sales.currency, sales.order_id, sales.received_time, sales.event_id
)
SELECT
  ${bind('site_id', 'String', siteId)}, toDate(${bind('day', 'String', day)}), ${bind('version', 'UInt64', version)}, visitor_id,
  fromUnixTimestamp64Milli(deeds[1].at, 'UTC'), arrayMap(deed -> toUInt32(deed.at - deeds[1].at), deeds),
  deeds.kind, deeds.name, deeds.page,
  arrayMap(sale -> toUInt32(sale.at - deeds[1].at), arrayFilter(deed -> deed.revenue != 0, deeds) AS sales),
  sales.kind, sales.name, sales.page, sales.revenue, sales.currency, sales.order_id, sales.received, sales.event
FROM (
  SELECT
    visitor_id,
    CAST(
      arraySort(groupArray((
        toUnixTimestamp64Milli(time), kind, name, if(kind = 'page_view', path, ''), revenue, currency, order_id,
        if(order_id = '', fromUnixTimestamp64Milli(0, 'UTC'), received_time), if(order_id = '', toUUID('00000000-0000-0000-0000-000000000000'), event_id)
      ))),
      'Array(Tuple(at Int64, kind String, name String, page String, revenue Decimal(18, 4), currency String, order_id String, received DateTime64(3, \\'UTC\\'), event UUID))'
    ) AS deeds
  FROM events
  WHERE site_id = ${bind('site_id', 'String', siteId)} AND ${isWithin(range)}
    AND NOT is_bot AND NOT is_test AND ${IS_DEED} AND ${visitors}
  GROUP BY visitor_id
)`;
}
