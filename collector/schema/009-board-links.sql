-- Public links to boards: whoever holds the secret whose hash is here may read the answers of that board's own tiles, and
-- nothing else. The newest row per secret counts; read with FINAL.
CREATE TABLE board_links
(
    secret_hash    FixedString(64),
    site_id        String,
    board_id       UUID,
    label          String,
    -- scrypt, with its parameters and salt; '' where the link alone is enough.
    password_hash  String,
    created_by     UUID,
    created_time   DateTime64(3, 'UTC') DEFAULT now64(3),
    -- The end of 2199 for a link without an end.
    expires_time   DateTime64(3, 'UTC'),
    updated_time   DateTime64(3, 'UTC') DEFAULT now64(3),
    is_revoked     Bool
)
ENGINE = ReplacingMergeTree(updated_time)
ORDER BY secret_hash
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
