-- When a visitor bore a user, and when a `reset` made them anonymous again (user ''): a row per UTC day, with the first
-- and the last moment. Reports look here for what happened before and after the days that they read.
CREATE TABLE identity_moments
(
    site_id      LowCardinality(String),
    visitor_id   UInt64,
    day          Date,
    user_id      String,
    first_time   SimpleAggregateFunction(min, DateTime64(3, 'UTC')),
    last_time    SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (site_id, visitor_id, day, user_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW identity_moments_from_events TO identity_moments AS
SELECT site_id, visitor_id, toDate(time) AS day, bearer AS user_id, min(time) AS first_time, max(time) AS last_time
FROM events
ARRAY JOIN if(kind = 'reset', arrayDistinct([user_id, '']), [user_id]) AS bearer
WHERE (user_id != '' OR kind = 'reset') AND NOT is_bot AND NOT is_test
GROUP BY site_id, visitor_id, day, bearer;

INSERT INTO identity_moments
SELECT site_id, visitor_id, toDate(time) AS day, bearer AS user_id, min(time) AS first_time, max(time) AS last_time
FROM events
ARRAY JOIN if(kind = 'reset', arrayDistinct([user_id, '']), [user_id]) AS bearer
WHERE (user_id != '' OR kind = 'reset') AND NOT is_bot AND NOT is_test
GROUP BY site_id, visitor_id, day, bearer;

-- Users that `alias` says are one. `target` is the user's other id.
CREATE TABLE user_aliases
(
    site_id          LowCardinality(String),
    user_id          String,
    previous_user_id String,
    first_time       SimpleAggregateFunction(min, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (site_id, user_id, previous_user_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW user_aliases_from_events TO user_aliases AS
SELECT site_id, user_id, target AS previous_user_id, min(time) AS first_time
FROM events
WHERE kind = 'alias' AND user_id != '' AND target != ''
GROUP BY site_id, user_id, previous_user_id;

INSERT INTO user_aliases
SELECT site_id, user_id, target AS previous_user_id, min(time) AS first_time
FROM events
WHERE kind = 'alias' AND user_id != '' AND target != ''
GROUP BY site_id, user_id, previous_user_id;
