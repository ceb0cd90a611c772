-- How a site's events are read, decided after they came: other names, what is not listed, what is not counted. Rules act
-- when a report asks; the events themselves stay as they were sent. The newest row per key counts; read with FINAL.
CREATE TABLE catalogue_rules
(
    site_id        String,
    kind           Enum8('event' = 1, 'property' = 2, 'exclusion' = 3),
    -- The name that was sent; of an exclusion its id.
    name           String,
    -- JSON (dashboards/reports/rules/rules.ts owns its shape).
    rule           String,
    updated_time   DateTime64(3, 'UTC') DEFAULT now64(3),
    is_deleted     Bool
)
ENGINE = ReplacingMergeTree(updated_time)
ORDER BY (site_id, kind, name)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
