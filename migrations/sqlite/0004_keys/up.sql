-- A key in a mail's link is bound to an account, to an address, or to both: NULL where there is
-- none of them. An account takes its keys along when it goes.

ALTER TABLE one_time_keys ADD COLUMN user_id BIGINT REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE one_time_keys ADD COLUMN email TEXT;

CREATE INDEX one_time_keys_user_id ON one_time_keys (user_id, purpose);
CREATE INDEX one_time_keys_purpose ON one_time_keys (purpose, email);
CREATE INDEX one_time_keys_expires_at ON one_time_keys (expires_at);
