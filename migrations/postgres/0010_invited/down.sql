DROP INDEX audit_invited;
ALTER TABLE audit ALTER COLUMN detail TYPE TEXT COLLATE "default";
