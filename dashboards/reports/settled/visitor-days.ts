/** Stores what each visitor did in a settled day, for funnels (collector/schema/016-deed-words.sql). */
import { bind, type Sql, sql } from '../../sql.ts';
import { IS_DEED } from '../events/deeds.ts';
import type { Range } from '../events/scope.ts';
import { isWithin } from '../events/within.ts';
import { codeOfNameSql, deedWord, saleWords } from './deed-words.ts';

/** `visitors`: a test on `visitor_id`, for a day may be stored in several turns. */
export function visitorDays(
  { siteId, day, ...range }: Range & { siteId: string; day: string },
  version: number,
  visitors: Sql,
): Sql {
  const words = (deeds: Sql) =>
    sql`arrayMap(deed -> ${deedWord(sql`deed.at`, codeOfNameSql(sql`deed.name`))}, ${deeds})`;
  const ofSales = sql`arrayMap((word, sale) -> (word, sale.currency, toInt64(sale.revenue * 10000)), words_of_sales, sales)`;
  return sql`
INSERT INTO settled_visitors (
  site_id, day, version, visitor_id, from_time, deeds.word, deeds.kind, deeds.name, deeds.path,
  sales.word, sales.kind, sales.name, sales.path, sales.revenue, sales.currency, sales.order_id, sales.received_time, sales.event_id,
  sale_words
)
SELECT
  ${bind('site_id', 'String', siteId)}, toDate(${bind('day', 'String', day)}), ${bind('version', 'UInt64', version)}, visitor_id,
  fromUnixTimestamp64Milli(${bind('from', 'Int64', range.fromMs)}, 'UTC'), ${words(sql`deeds`)}, deeds.kind, deeds.name, deeds.page,
  ${words(sql`arrayFilter(deed -> deed.revenue != 0, deeds) AS sales`)} AS words_of_sales,
  sales.kind, sales.name, sales.page, sales.revenue, sales.currency, sales.order_id, sales.received, sales.event,
  ${saleWords(ofSales)}
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
