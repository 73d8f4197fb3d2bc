-- The twin of migrations/sqlite/0017_refresh_limits, which has the comments.
ALTER TABLE sessions ADD COLUMN refreshes_empty_at BIGINT;
ALTER TABLE sessions ADD COLUMN refresh_recorded_at BIGINT;
ALTER TABLE sessions ADD COLUMN unrecorded_refreshes BIGINT NOT NULL DEFAULT 0;
CREATE INDEX refresh_tokens_expires_at ON refresh_tokens (expires_at);
