-- Who changed what, and when: a row per act that changes what is kept, what is counted or who may come in. Rows are only
-- ever added (dashboards/api/audit.ts writes them); they outlive the site that they speak of.
CREATE TABLE audit_log
(
    -- '' for what concerns no single site: sign-ins, members.
    site_id        LowCardinality(String),
    time           DateTime64(3, 'UTC'),
    entry_id       UUID,
    -- Whose act it was; zero for the operator's own terminal.
    user_id        UUID,
    -- Whether by an API key of theirs.
    is_by_key      Bool,
    action         LowCardinality(String),
    -- What it was done to, in words: a key's label, a member's e-mail address, a filter.
    subject        String,
    -- JSON: how many, from what to what.
    details        String
)
ENGINE = MergeTree
ORDER BY (site_id, time, entry_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
