-- When the bucket of the session's refreshes will be empty; NULL for one that is empty.
ALTER TABLE sessions ADD COLUMN refreshes_empty_at BIGINT;
-- When the audit log last recorded a refresh of the session, and how many there were since.
ALTER TABLE sessions ADD COLUMN refresh_recorded_at BIGINT;
ALTER TABLE sessions ADD COLUMN unrecorded_refreshes BIGINT NOT NULL DEFAULT 0;

-- Expired refresh tokens of a session that goes on are deleted.
CREATE INDEX refresh_tokens_expires_at ON refresh_tokens (expires_at);
