-- Who is about to store an event, where several collectors write to one database: each writes here what it is going to
-- insert, then reads, and goes on only with what nobody else has claimed (collector/insert/claims.ts). A collector that
-- owns its database leaves it empty.
CREATE TABLE event_claims
(
    site_id      LowCardinality(String),
    event_id     UUID CODEC(ZSTD(1)),
    -- Of one attempt at one batch. Ids near in time are near in value.
    claim_id     UInt64 CODEC(ZSTD(1)),
    -- Under which its rows are then in `events`.
    batch_id     UInt64 CODEC(ZSTD(1)),
    -- One run of one collector's process.
    collector_id UInt64 CODEC(ZSTD(1)),
    -- A row that takes the claim back.
    is_withdrawn Bool,
    -- By the database's clock, the only one that all collectors share.
    claimed_time DateTime64(3, 'UTC') DEFAULT now64(3) CODEC(Delta(8), ZSTD(1))
)
ENGINE = MergeTree
ORDER BY (site_id, event_id)
TTL toDateTime(claimed_time, 'UTC') + INTERVAL 1 DAY
SETTINGS index_granularity = 1024, ttl_only_drop_parts = 1;
