-- Configuration: small tables, one store to back up. The newest row per key counts; read them with FINAL.

CREATE TABLE sites
(
    site_id        String,
    name           String,
    time_zone      String DEFAULT 'UTC',
    currency       LowCardinality(String) DEFAULT 'EUR',
    -- Sample data is marked on every screen and removed by one command.
    is_sample      Bool,
    -- JSON of the settings that act at the door (collector/sites.ts owns its shape and defaults).
    settings       String,
    created_time   DateTime64(3, 'UTC') DEFAULT now64(3),
    updated_time   DateTime64(3, 'UTC') DEFAULT now64(3),
    is_deleted     Bool
)
ENGINE = ReplacingMergeTree(updated_time)
ORDER BY site_id
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE users
(
    user_id        UUID,
    email          String,
    name           String,
    -- scrypt, with its parameters and salt; '' until the invitation is taken up.
    password_hash  String,
    role           Enum8('owner' = 1, 'admin' = 2, 'analyst' = 3, 'viewer' = 4),
    created_time   DateTime64(3, 'UTC') DEFAULT now64(3),
    updated_time   DateTime64(3, 'UTC') DEFAULT now64(3),
    is_deleted     Bool
)
ENGINE = ReplacingMergeTree(updated_time)
ORDER BY user_id
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Sign-in links, browser sessions and API keys: whoever holds the secret whose hash is here may enter.
CREATE TABLE credentials
(
    secret_hash    FixedString(64),
    kind           Enum8('sign_in_link' = 1, 'browser_session' = 2, 'api_key' = 3),
    user_id        UUID,
    -- For API keys: the site they are bound to ('' = all the user may see) and what they allow.
    site_id        String,
    scopes         Array(LowCardinality(String)),
    label          String,
    created_time   DateTime64(3, 'UTC') DEFAULT now64(3),
    expires_time   DateTime64(3, 'UTC'),
    updated_time   DateTime64(3, 'UTC') DEFAULT now64(3),
    is_revoked     Bool
)
ENGINE = ReplacingMergeTree(updated_time)
ORDER BY secret_hash
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE goals
(
    site_id        String,
    goal_id        UUID,
    name           String,
    -- JSON of the condition (dashboards/reports/conditions.ts owns its shape).
    condition      String,
    created_time   DateTime64(3, 'UTC') DEFAULT now64(3),
    updated_time   DateTime64(3, 'UTC') DEFAULT now64(3),
    is_deleted     Bool
)
ENGINE = ReplacingMergeTree(updated_time)
ORDER BY (site_id, goal_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Funnels, segments, boards, page groups, annotations: what an analyst has saved. JSON, owned by its report.
CREATE TABLE saved_items
(
    site_id        String,
    kind           LowCardinality(String),
    item_id        UUID,
    name           String,
    body           String,
    created_by     UUID,
    created_time   DateTime64(3, 'UTC') DEFAULT now64(3),
    updated_time   DateTime64(3, 'UTC') DEFAULT now64(3),
    is_deleted     Bool
)
ENGINE = ReplacingMergeTree(updated_time)
ORDER BY (site_id, kind, item_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
