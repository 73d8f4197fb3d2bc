DROP INDEX refresh_tokens_expires_at;
ALTER TABLE sessions DROP COLUMN unrecorded_refreshes;
ALTER TABLE sessions DROP COLUMN refresh_recorded_at;
ALTER TABLE sessions DROP COLUMN refreshes_empty_at;
