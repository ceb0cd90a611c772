/** Stores what each visitor did in a settled day, for funnels (collector/schema/018-day-words.sql). */
import { bind, type Sql, sql } from '../../sql.ts';
import { IS_DEED } from '../events/deeds.ts';
import type { Range } from '../events/scope.ts';
import { isWithin } from '../events/within.ts';
import { codeOfNameSql, dayWord, longWord, PLACES, saleWords } from './deed-words.ts';

export type Day = Range & { siteId: string; day: string };

/** The names of the day's deeds and how often they are, the most frequent first: rows of `name`. */
export function frequentNames({ siteId, ...range }: Day, most: number): Sql {
  return sql`
SELECT toString(name) AS name
FROM events
WHERE ${isStored(siteId, range)}
GROUP BY name
ORDER BY count() DESC, name
LIMIT ${bind('most', 'UInt64', most)}`;
}

/** `visitors`: a test on `visitor_id`, for a day may be stored in several turns. `placed`: names, in the order of their places. */
export function visitorDays(
  { siteId, day, ...range }: Day,
  version: number,
  visitors: Sql,
  placed: readonly string[],
): Sql {
  const from = bind('from', 'Int64', range.fromMs);
  const place =
    placed.length === 0
      ? sql`0`
      : sql`transform(deed.name, ${bind('placed', 'Array(String)', placed)}, ${bind(
          'places_of_names',
          'Array(UInt8)',
          placed.map((_, index) => index + 1),
        )}, 0)`;
  const longWords = (deeds: Sql) =>
    sql`arrayMap(deed -> ${longWord(sql`deed.at`, codeOfNameSql(sql`deed.name`))}, ${deeds})`;
  const ofSales = sql`arrayMap((word, sale) -> (word, sale.currency, toInt64(sale.revenue * 10000)), words_of_sales, sales)`;
  return sql`
INSERT INTO settled_visitors (
  site_id, day, version, visitor_id, from_time, deeds.word, deeds.kind, deeds.name, deeds.path, long_words,
  sales.word, sales.kind, sales.name, sales.path, sales.revenue, sales.currency, sales.order_id, sales.received_time, sales.event_id,
  sale_words
)
SELECT
  ${bind('site_id', 'String', siteId)}, toDate(${bind('day', 'String', day)}), ${bind('version', 'UInt64', version)}, visitor_id,
  fromUnixTimestamp64Milli(${from}, 'UTC'), arrayMap(deed -> ${dayWord(sql`(deed.at - ${from})`, place)}, deeds) AS words,
  deeds.kind, deeds.name, deeds.page,
  ${longWords(sql`arrayFilter((deed, word) -> word % ${bind('places', 'UInt32', PLACES)} = 0, deeds, words)`)},
  ${longWords(sql`arrayFilter(deed -> deed.revenue != 0, deeds) AS sales`)} AS words_of_sales,
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
  WHERE ${isStored(siteId, range)} AND ${visitors}
  GROUP BY visitor_id
)`;
}

function isStored(siteId: string, range: Range): Sql {
  return sql`site_id = ${bind('site_id', 'String', siteId)} AND ${isWithin(range)}
    AND NOT is_bot AND NOT is_test AND ${IS_DEED}`;
}
