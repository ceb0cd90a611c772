-- What was inserted for a quarter of an hour of event time: a sum over the ids of its events. A day whose sum is the one
-- it had when its sessions were worked out has the same events still; late ones, deleted ones, all change it.
CREATE TABLE event_sums
(
    site_id      LowCardinality(String),
    quarter      DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    id_sum       SimpleAggregateFunction(sum, UInt64),
    events       SimpleAggregateFunction(sum, UInt64),
    server_events SimpleAggregateFunction(sum, UInt64),
    -- When the last of them was inserted.
    last_insert  SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (site_id, quarter)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW event_sums_from_events TO event_sums AS
SELECT
    site_id, toStartOfFifteenMinutes(toDateTime(time, 'UTC')) AS quarter,
    sum(cityHash64(event_id)) AS id_sum, count() AS events,
    countIf(sent_by = 'server') AS server_events, now64(3, 'UTC') AS last_insert
FROM events
GROUP BY site_id, quarter;

INSERT INTO event_sums
SELECT
    site_id, toStartOfFifteenMinutes(toDateTime(time, 'UTC')) AS quarter,
    sum(cityHash64(event_id)) AS id_sum, count() AS events,
    countIf(sent_by = 'server') AS server_events, now64(3, 'UTC') AS last_insert
FROM events
WHERE NOT EXISTS (SELECT 1 FROM event_sums)
GROUP BY site_id, quarter;

-- Days (of the site's time zone) whose sessions are stored, each under a version of its own; the newest row counts, as
-- long as `id_sum` is still the day's. What is stored of it is never changed, only replaced by another version.
CREATE TABLE settled_days
(
    site_id      LowCardinality(String),
    day          Date,
    from_time    DateTime64(3, 'UTC'),
    to_time      DateTime64(3, 'UTC'),
    version      UInt64,
    id_sum       UInt64,
    settled_time DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(settled_time)
ORDER BY (site_id, day)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- One row per session of a settled day that no event of another day can touch: it begins and ends more than a session's
-- gap away from the day's ends. By visitor, not by person: who is whom is decided when a report asks.
CREATE TABLE settled_sessions
(
    site_id        LowCardinality(String),
    day            Date,
    version        UInt64 CODEC(ZSTD(1)),
    visitor_id     UInt64 CODEC(ZSTD(1)),
    start_time     DateTime64(3, 'UTC') CODEC(ZSTD(1)),
    duration_ms    UInt32 CODEC(ZSTD(1)),
    engaged_ms     UInt32 CODEC(ZSTD(1)),
    events         UInt32 CODEC(ZSTD(1)),
    page_views     UInt32 CODEC(ZSTD(1)),
    interactions   UInt32 CODEC(ZSTD(1)),
    scroll_percent UInt8 CODEC(ZSTD(1)),
    source         LowCardinality(String),
    medium         LowCardinality(String),
    channel        LowCardinality(String),
    campaign       LowCardinality(String),
    content        LowCardinality(String),
    term           LowCardinality(String),
    referrer       String CODEC(ZSTD(1)),
    click_id_kind  LowCardinality(String),
    country        LowCardinality(String),
    region         LowCardinality(String),
    city           LowCardinality(String),
    language       LowCardinality(String),
    browser        LowCardinality(String),
    browser_version LowCardinality(String),
    os             LowCardinality(String),
    os_version     LowCardinality(String),
    device         LowCardinality(String),
    screen         LowCardinality(String),
    entry_page     String CODEC(ZSTD(1)),
    exit_page      String CODEC(ZSTD(1)),
    -- Each page viewed, and how often; each custom event sent, and how often.
    pages          Nested(path String, views UInt32),
    custom_events  Nested(name LowCardinality(String), times UInt32)
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (site_id, day, version, visitor_id, start_time)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- The events of all other sessions of a settled day: they may go on in the day before or after it, so reports derive
-- them from here, each time anew.
CREATE TABLE settled_edges
(
    site_id        LowCardinality(String),
    day            Date,
    version        UInt64 CODEC(ZSTD(1)),
    visitor_id     UInt64 CODEC(ZSTD(1)),
    time           DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    event_id       UUID CODEC(ZSTD(1)),
    -- As in `events`.
    kind           Enum8('page_view' = 1, 'engagement' = 2, 'custom' = 3, 'outbound_link' = 4, 'file_download' = 5,
                         'form_submit' = 6, 'click' = 7, 'rage_click' = 8, 'dead_click' = 9, 'web_vitals' = 10,
                         'error' = 11, 'identify' = 12, 'group' = 13, 'reset' = 14, 'alias' = 15, 'screen' = 16),
    name           LowCardinality(String),
    path           String CODEC(ZSTD(1)),
    engaged_ms     UInt32 CODEC(ZSTD(1)),
    scroll_percent UInt8,
    source         LowCardinality(String),
    medium         LowCardinality(String),
    channel        LowCardinality(String),
    campaign       LowCardinality(String),
    content        LowCardinality(String),
    term           LowCardinality(String),
    referrer       String CODEC(ZSTD(1)),
    click_id_kind  LowCardinality(String),
    country        LowCardinality(String),
    region         LowCardinality(String),
    city           LowCardinality(String),
    language       LowCardinality(String),
    browser        LowCardinality(String),
    browser_version LowCardinality(String),
    os             LowCardinality(String),
    os_version     LowCardinality(String),
    device         LowCardinality(String),
    screen         LowCardinality(String)
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (site_id, day, version, visitor_id, time)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
