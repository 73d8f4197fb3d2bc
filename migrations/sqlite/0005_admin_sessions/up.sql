-- Sessions of the admin, by SHA-256 of the cookie's key.
CREATE TABLE admin_sessions (
    key_hash   BLOB   PRIMARY KEY NOT NULL,
    user_id    BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    -- The last request, to the minute.
    seen_at    BIGINT NOT NULL,
    -- When the password was last typed.
    proven_at  BIGINT NOT NULL,
    address    TEXT,
    user_agent TEXT
);
CREATE INDEX admin_sessions_user_id ON admin_sessions (user_id);
CREATE INDEX admin_sessions_created_at ON admin_sessions (created_at);

-- More about an action, such as a reason.
ALTER TABLE audit ADD COLUMN detail TEXT;
