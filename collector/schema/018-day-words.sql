-- What each visitor did in a settled day, in the order of time: one row holds what a funnel's step may ask for, so that a
-- funnel reads a tenth of what lies in `events` and finds each visitor's events side by side. Kinds that are no deed of
-- the visitor (engagement, vitals, errors, identify, …) are left out; bots and tests too. Made anew: a deed is half as long
-- as it was, and packed so that little work is left in reading it.
DROP TABLE IF EXISTS settled_visitors;

CREATE TABLE settled_visitors
(
    site_id      LowCardinality(String),
    day          Date,
    version      UInt64 CODEC(ZSTD(1)),
    visitor_id   UInt64 CODEC(ZSTD(1)),
    -- When the day began, as in `settled_days`.
    from_time    DateTime64(3, 'UTC') CODEC(ZSTD(1)),
    -- Of each event: the ms since the day began above 5 bits that are the place of its name among the day's
    -- `placed_names`, from 1; 0 for a name that has none. The rest as in `events`. The path of page views only.
    `deeds.word` Array(UInt32) CODEC(LZ4),
    `deeds.kind` Array(Enum8('page_view' = 1, 'custom' = 3, 'outbound_link' = 4, 'file_download' = 5, 'form_submit' = 6,
                             'click' = 7, 'rage_click' = 8, 'dead_click' = 9, 'screen' = 16)) CODEC(ZSTD(1)),
    `deeds.name` Array(LowCardinality(String)) CODEC(ZSTD(1)),
    `deeds.path` Array(LowCardinality(String)) CODEC(ZSTD(1)),
    -- Of each event whose name has no place: the ms since 1970 above 22 bits that are the lowest of its name's CRC-32.
    long_words   Array(UInt64) CODEC(ZSTD(1)),
    -- Of those that brought money a long word, and what they brought. What tells the first event of an order is kept where
    -- there is an order.
    `sales.word` Array(UInt64) CODEC(ZSTD(1)),
    `sales.kind` Array(Enum8('page_view' = 1, 'custom' = 3, 'outbound_link' = 4, 'file_download' = 5, 'form_submit' = 6,
                             'click' = 7, 'rage_click' = 8, 'dead_click' = 9, 'screen' = 16)) CODEC(ZSTD(1)),
    `sales.name` Array(LowCardinality(String)) CODEC(ZSTD(1)),
    `sales.path` Array(LowCardinality(String)) CODEC(ZSTD(1)),
    `sales.revenue`  Array(Decimal(18, 4)) CODEC(ZSTD(1)),
    `sales.currency` Array(LowCardinality(String)) CODEC(ZSTD(1)),
    `sales.order_id` Array(String) CODEC(ZSTD(1)),
    `sales.received_time` Array(DateTime64(3, 'UTC')) CODEC(Delta(8), ZSTD(1)),
    `sales.event_id` Array(UUID) CODEC(ZSTD(1)),
    -- The same sales as the funnel's machine takes them: long word, the currency's letters, ten-thousandths, and so on.
    sale_words   Array(UInt64) CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (site_id, day, version, visitor_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- The day's most frequent names, in the order of their places; whether its deeds have others; whether any brought money;
-- how many they are.
ALTER TABLE settled_days ADD COLUMN IF NOT EXISTS placed_names Array(String) CODEC(ZSTD(1));
ALTER TABLE settled_days ADD COLUMN IF NOT EXISTS has_long_words Bool DEFAULT true;
ALTER TABLE settled_days ADD COLUMN IF NOT EXISTS has_sales Bool DEFAULT true;
ALTER TABLE settled_days ADD COLUMN IF NOT EXISTS deed_count UInt64;

-- Days that were settled before have no rows there: they are settled anew.
TRUNCATE TABLE settled_days;
