-- One row per thing that happened, as the collector understood it. Every report reads this table.
--
-- Order: a site's day, then its visitors, so that a report reads only the days it is asked about, finds each
-- visitor's events of a day side by side, and repeated facts (browser, country, …) compress to almost nothing.
-- Times are UTC; a site's local days are cut by the reports. Text columns hold '' for "unknown", never NULL.
CREATE TABLE events
(
    site_id          LowCardinality(String),
    -- When it happened, by the sender's clock, corrected by whole minutes where that clock was wrong.
    time             DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    -- 64 bits of a hash: of the lasting id; else of the user id (server events); else of the day's salt, site,
    -- address and user agent. Read as a person only through `persons` (identity merges).
    visitor_id       UInt64 CODEC(ZSTD(1)),
    -- Made from the sender's event id alone: its time prefix (48 bits, 0 if it has none), then 80 bits of SHA-256.
    event_id         UUID CODEC(ZSTD(1)),
    -- The insert that brought the row; lets the inserter verify after an ambiguous answer.
    batch_id         UInt64 CODEC(ZSTD(1)),

    kind             Enum8('page_view' = 1, 'engagement' = 2, 'custom' = 3, 'outbound_link' = 4, 'file_download' = 5,
                           'form_submit' = 6, 'click' = 7, 'rage_click' = 8, 'dead_click' = 9, 'web_vitals' = 10,
                           'error' = 11, 'identify' = 12, 'group' = 13, 'reset' = 14, 'alias' = 15, 'screen' = 16),
    -- The custom event's name; for the other kinds the kind itself.
    name             LowCardinality(String),
    sent_by          Enum8('browser' = 1, 'server' = 2, 'import' = 3),

    client_time      DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    sent_time        DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    received_time    DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    -- The sender's clock was off by 5 minutes or more, or named the future.
    is_time_corrected Bool,
    -- The event_id of the page view it belongs to (its own for a page view); zero if none.
    page_view_id     UUID CODEC(ZSTD(1)),
    seq              UInt16,
    -- A guess at the door for the live view; reports derive sessions from (visitor, time).
    session_hint     UInt64 CODEC(ZSTD(1)),

    anonymous_id     String CODEC(ZSTD(1)),
    user_id          String CODEC(ZSTD(1)),
    account_id       LowCardinality(String),
    consent          Enum8('' = 0, 'granted' = 1, 'denied' = 2),
    is_bot           Bool,
    is_test          Bool,

    hostname         LowCardinality(String),
    path             String CODEC(ZSTD(1)),
    -- Allow-listed parameters only, without the question mark.
    query            String CODEC(ZSTD(1)),
    title            String CODEC(ZSTD(1)),
    previous_path    String CODEC(ZSTD(1)),
    status           UInt16,

    -- Host and path of the outside referrer; the facts derived from it and from the UTM parameters.
    referrer         String CODEC(ZSTD(1)),
    source           LowCardinality(String),
    medium           LowCardinality(String),
    campaign         LowCardinality(String),
    content          LowCardinality(String),
    term             LowCardinality(String),
    channel          LowCardinality(String),
    -- Which advertiser's click id the URL bore ('gclid', 'fbclid', …), not its value.
    click_id_kind    LowCardinality(String),

    country          LowCardinality(String),
    region           LowCardinality(String),
    city             LowCardinality(String),
    language         LowCardinality(String),
    browser          LowCardinality(String),
    browser_version  LowCardinality(String),
    os               LowCardinality(String),
    os_version       LowCardinality(String),
    device           LowCardinality(String),
    screen           LowCardinality(String),

    engaged_ms       UInt32 CODEC(ZSTD(1)),
    scroll_percent   UInt8,
    target           String CODEC(ZSTD(1)),
    revenue          Decimal(18, 4) CODEC(ZSTD(1)),
    currency         LowCardinality(String),
    order_id         String CODEC(ZSTD(1)),
    properties       Map(LowCardinality(String), String),
    numeric_properties Map(LowCardinality(String), Float64),

    INDEX batch_id_range batch_id TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(time)
ORDER BY (site_id, toDate(time), visitor_id, time)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 10000;

-- Every event id received, for as long as a repeat is recognised: 35 days, imports for ever.
-- The inserter looks here before it inserts, and writes here after. First one wins.
CREATE TABLE event_ids
(
    site_id       LowCardinality(String),
    event_id      UUID CODEC(ZSTD(1)),
    batch_id      UInt64 CODEC(ZSTD(1)),
    received_time DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    is_import     Bool
)
ENGINE = MergeTree
ORDER BY (site_id, event_id)
TTL received_time + INTERVAL 35 DAY DELETE WHERE NOT is_import
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1,
         non_replicated_deduplication_window = 10000;
