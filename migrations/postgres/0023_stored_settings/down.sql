DROP INDEX audit_changes_at;
DROP TABLE dismissed_steps;
DROP TABLE stored_settings;
