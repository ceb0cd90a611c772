import type { Storage } from '../../../collector/storage/storage.ts';

export const SITE = 'bench';
export const FROM_MS = Date.UTC(2026, 0, 1);
export const DAYS = 90;

const PER_INSERT = 1_000_000;
const PER_VISITOR = 20;

/**
 * Shoppers over 90 days, 20 events each, within the three days after they came: page views, four kinds of custom events
 * that a funnel asks for (4 of 5 events fit one), and others. Made by the engine, so that ten million take a minute.
 */
export async function fillEvents(storage: Storage, count: number): Promise<void> {
  for (let first = 0; first < count; first += PER_INSERT) {
    await storage.command(FILL, {
      parameters: {
        first,
        count: Math.min(PER_INSERT, count - first),
        site: SITE,
        from: FROM_MS,
        days: DAYS,
        per_visitor: PER_VISITOR,
      },
      // Beside the merges that go on meanwhile, all at once would not fit into the engine's memory.
      settings: { max_block_size: 65_536, min_insert_block_size_rows: 250_000 },
    });
  }
}

/** The same events as the naive query would have them best: few columns, by day, name and visitor. */
export async function copyByName(storage: Storage): Promise<void> {
  await storage.command(`
CREATE TABLE IF NOT EXISTS ${BY_NAME}
(
    site_id LowCardinality(String), time DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    visitor_id UInt64 CODEC(ZSTD(1)), name LowCardinality(String)
)
ENGINE = MergeTree PARTITION BY toYYYYMM(time) ORDER BY (site_id, toDate(time), name, visitor_id)`);
  const { rows } = await storage.query(`SELECT 1 FROM ${BY_NAME} LIMIT 1`);
  if (rows.length > 0) return;
  await storage.command(
    `INSERT INTO ${BY_NAME} SELECT site_id, time, visitor_id, name FROM events WHERE site_id = '${SITE}'`,
  );
  await storage.command(`OPTIMIZE TABLE ${BY_NAME} FINAL`);
}

export const BY_NAME = 'bench_by_name';

const FILL = `
INSERT INTO events (site_id, time, visitor_id, event_id, kind, name, sent_by, path, hostname, source, country, device, revenue, currency, properties)
SELECT
  {site:String},
  fromUnixTimestamp64Milli(
    {from:Int64} + cityHash64(visitor, 'came') % (({days:UInt32} - 4) * 86400000) + intDiv(cityHash64(number, 'at') % 65536 * (cityHash64(number, 'at') % 65536), 17)
  ) AS time,
  cityHash64(visitor, 'visitor'),
  reinterpretAsUUID(concat(reinterpretAsFixedString(number), reinterpretAsFixedString(cityHash64(number)))),
  if(what = 'page_view', 'page_view', 'custom'),
  what,
  'browser',
  concat('/products/', toString(cityHash64(number, 'path') % 500)),
  'shop.example',
  ['', 'google', 'newsletter', 'bing'][cityHash64(visitor, 'source') % 4 + 1],
  ['DE', 'AT', 'CH', 'FR'][cityHash64(visitor, 'country') % 4 + 1],
  ['mobile', 'desktop'][cityHash64(visitor, 'device') % 2 + 1],
  if(what = 'purchase', toDecimal64(19.99, 4), 0),
  if(what = 'purchase', 'EUR', ''),
  map('plan', ['free', 'pro'][cityHash64(number, 'plan') % 2 + 1])
FROM (
  SELECT
    number,
    intDiv(number, {per_visitor:UInt32}) AS visitor,
    cityHash64(number, 'what') % 100 AS dice,
    multiIf(dice < 30, 'page_view', dice < 55, 'view_product', dice < 70, 'add_to_cart', dice < 77, 'checkout', dice < 80, 'purchase', 'other') AS what
  FROM numbers({first:UInt64}, {count:UInt64})
)`;
