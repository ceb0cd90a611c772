-- Which user a visitor turned out to be. One row per visitor with a lasting id (never a cookieless hash) and user;
-- reports take the earliest. Filled from events as they are inserted.
CREATE TABLE visitor_users
(
    site_id      LowCardinality(String),
    visitor_id   UInt64,
    user_id      String,
    first_time   SimpleAggregateFunction(min, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (site_id, visitor_id, user_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW visitor_users_from_events TO visitor_users AS
SELECT site_id, visitor_id, user_id, min(time) AS first_time
FROM events
WHERE user_id != '' AND anonymous_id != '' AND NOT is_bot AND NOT is_test
GROUP BY site_id, visitor_id, user_id;

-- The first event that brought an order: only its revenue counts. A bot or a test cannot take an order's place.
CREATE TABLE orders
(
    site_id        LowCardinality(String),
    order_id       String,
    first_received SimpleAggregateFunction(min, Tuple(DateTime64(3, 'UTC'), UUID))
)
ENGINE = AggregatingMergeTree
ORDER BY (site_id, order_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW orders_from_events TO orders AS
SELECT site_id, order_id, min((received_time, event_id)) AS first_received
FROM events
WHERE order_id != '' AND NOT is_bot AND NOT is_test
GROUP BY site_id, order_id;
