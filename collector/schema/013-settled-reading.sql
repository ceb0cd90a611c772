-- Engaged time and deepest scroll of each page viewed in a stored session. Days settled before do not know them: they are
-- settled anew, in the background, and read from their events until then.
ALTER TABLE settled_sessions
    ADD COLUMN IF NOT EXISTS `pages.engaged_ms` Array(UInt32) AFTER `pages.views`,
    ADD COLUMN IF NOT EXISTS `pages.scroll_percent` Array(UInt8) AFTER `pages.engaged_ms`;

TRUNCATE TABLE settled_days;
