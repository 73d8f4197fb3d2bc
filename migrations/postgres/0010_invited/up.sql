-- The twin of migrations/sqlite/0010_invited, which has the comments. What has an index is compared byte by
-- byte, as in SQLite.
ALTER TABLE audit ALTER COLUMN detail TYPE TEXT COLLATE "C";
CREATE INDEX audit_invited ON audit (detail, at, id) WHERE action IN ('invited', 'invite-withdrawn');
