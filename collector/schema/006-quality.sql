-- Where the site observes its tracking plan: what the plan does not foresee about a custom event; '' if it does.
ALTER TABLE events ADD COLUMN IF NOT EXISTS plan_fault LowCardinality(String) AFTER is_test;

-- Events that were received and are not in `events`, by reason (collector/counters.ts). Counted in memory and written
-- every few seconds: what a killed process had counted last is lost, what it had acknowledged is not.
CREATE TABLE dropped_events
(
    site_id  LowCardinality(String),
    -- The quarter of an hour in which they were counted: fine enough for every time zone's hours.
    time     DateTime('UTC'),
    reason   LowCardinality(String),
    events   UInt64
)
ENGINE = SummingMergeTree(events)
ORDER BY (site_id, time, reason)
TTL time + INTERVAL 2 YEAR
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;
