-- ClickHouse orders UUIDs by their second half, which is random: the ids of one batch lay all over `event_ids`, and looking
-- them up read nearly all of it, the more the longer Footfall ran. In the order of their text they lie together, for an id
-- begins with its time. Both tables that are asked by id change places with a copy in that order; what an earlier, cut-off
-- application left under the copy's name is half a copy, or the old table.
DROP TABLE IF EXISTS event_ids_by_time;

CREATE TABLE event_ids_by_time
(
    site_id       LowCardinality(String),
    event_id      UUID CODEC(ZSTD(1)),
    batch_id      UInt64 CODEC(ZSTD(1)),
    received_time DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    is_import     Bool
)
ENGINE = MergeTree
ORDER BY (site_id, UUIDToNum(event_id))
TTL received_time + INTERVAL 35 DAY DELETE WHERE NOT is_import
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1,
         non_replicated_deduplication_window = 10000;

INSERT INTO event_ids_by_time SELECT * FROM event_ids;

EXCHANGE TABLES event_ids AND event_ids_by_time;

DROP TABLE event_ids_by_time;

DROP TABLE IF EXISTS event_claims_by_time;

CREATE TABLE event_claims_by_time
(
    site_id      LowCardinality(String),
    event_id     UUID CODEC(ZSTD(1)),
    claim_id     UInt64 CODEC(ZSTD(1)),
    batch_id     UInt64 CODEC(ZSTD(1)),
    collector_id UInt64 CODEC(ZSTD(1)),
    is_withdrawn Bool,
    claimed_time DateTime64(3, 'UTC') DEFAULT now64(3) CODEC(Delta(8), ZSTD(1))
)
ENGINE = MergeTree
ORDER BY (site_id, UUIDToNum(event_id))
TTL toDateTime(claimed_time, 'UTC') + INTERVAL 1 DAY
SETTINGS index_granularity = 1024, ttl_only_drop_parts = 1;

INSERT INTO event_claims_by_time SELECT * FROM event_claims;

EXCHANGE TABLES event_claims AND event_claims_by_time;

DROP TABLE event_claims_by_time;
