-- The twin of migrations/sqlite/0004_keys, which has the words.

ALTER TABLE one_time_keys ADD COLUMN user_id BIGINT REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE one_time_keys ADD COLUMN email TEXT COLLATE "C";

CREATE INDEX one_time_keys_user_id ON one_time_keys (user_id, purpose);
CREATE INDEX one_time_keys_purpose ON one_time_keys (purpose, email);
CREATE INDEX one_time_keys_expires_at ON one_time_keys (expires_at);
