-- What people had deleted (collector/deletions.ts). An event may be acknowledged before a deletion that it fulfils and be
-- stored after it, out of the spool of this collector or of another: whoever stores it looks here. A row per deletion,
-- kept for as long as a spool may lie about.
CREATE TABLE deletions
(
    site_id        LowCardinality(String),
    -- Events received up to here are meant.
    requested_time DateTime64(3, 'UTC'),
    -- A condition on rows of `events`, and the values of its parameters as JSON: our own SQL, never a sender's.
    condition      String,
    parameters     String
)
ENGINE = MergeTree
ORDER BY (site_id, requested_time)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
