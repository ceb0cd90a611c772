-- A visitor who consents in mid-visit goes on with a lasting id. Their next event on a page that the cookieless visitor
-- saw bears that visitor's id: the proof, and the only one, that the two are one.
ALTER TABLE events ADD COLUMN IF NOT EXISTS cookieless_visitor_id UInt64 CODEC(ZSTD(1)) AFTER anonymous_id;

-- Which lasting visitor a cookieless one turned out to be: the first to prove it. Reports read the cookieless events up
-- to `until_time` as the lasting visitor's; later ones may be another person's behind the same address and browser.
CREATE TABLE visitor_links
(
    site_id      LowCardinality(String),
    -- The cookieless visitor.
    visitor_id   UInt64,
    -- When the lasting id was first seen on its page, and that lasting id's visitor.
    link         SimpleAggregateFunction(min, Tuple(until_time DateTime64(3, 'UTC'), visitor_id UInt64))
)
ENGINE = AggregatingMergeTree
ORDER BY (site_id, visitor_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW visitor_links_from_events TO visitor_links AS
SELECT site_id, cookieless_visitor_id AS visitor_id, min((time, events.visitor_id)) AS link
FROM events
WHERE cookieless_visitor_id != 0
GROUP BY site_id, cookieless_visitor_id;
