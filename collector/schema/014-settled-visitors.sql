-- What each visitor did in a settled day, in the order of time: one row holds what a funnel's step may ask for, so that a
-- funnel reads a tenth of what lies in `events` and finds each visitor's events side by side. Kinds that are no deed of
-- the visitor (engagement, vitals, errors, identify, …) are left out; bots and tests too.
CREATE TABLE settled_visitors
(
    site_id      LowCardinality(String),
    day          Date,
    version      UInt64 CODEC(ZSTD(1)),
    visitor_id   UInt64 CODEC(ZSTD(1)),
    first_time   DateTime64(3, 'UTC') CODEC(ZSTD(1)),
    -- Of each event: how long after the first, and as in `events`. The path of page views only.
    `deeds.after_ms` Array(UInt32) CODEC(Delta(4), ZSTD(1)),
    `deeds.kind`     Array(Enum8('page_view' = 1, 'custom' = 3, 'outbound_link' = 4, 'file_download' = 5, 'form_submit' = 6,
                                 'click' = 7, 'rage_click' = 8, 'dead_click' = 9, 'screen' = 16)) CODEC(ZSTD(1)),
    `deeds.name`     Array(LowCardinality(String)) CODEC(ZSTD(1)),
    `deeds.path`     Array(LowCardinality(String)) CODEC(ZSTD(1)),
    -- The same of those that brought money, and what they brought. What tells the first event of an order is kept where
    -- there is an order.
    `sales.after_ms` Array(UInt32) CODEC(ZSTD(1)),
    `sales.kind`     Array(Enum8('page_view' = 1, 'custom' = 3, 'outbound_link' = 4, 'file_download' = 5, 'form_submit' = 6,
                                 'click' = 7, 'rage_click' = 8, 'dead_click' = 9, 'screen' = 16)) CODEC(ZSTD(1)),
    `sales.name`     Array(LowCardinality(String)) CODEC(ZSTD(1)),
    `sales.path`     Array(LowCardinality(String)) CODEC(ZSTD(1)),
    `sales.revenue`  Array(Decimal(18, 4)) CODEC(ZSTD(1)),
    `sales.currency` Array(LowCardinality(String)) CODEC(ZSTD(1)),
    `sales.order_id` Array(String) CODEC(ZSTD(1)),
    `sales.received_time` Array(DateTime64(3, 'UTC')) CODEC(Delta(8), ZSTD(1)),
    `sales.event_id` Array(UUID) CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (site_id, day, version, visitor_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Days that were settled before have no rows there: they are settled anew.
TRUNCATE TABLE settled_days;
