-- Sessions of the account pages, by SHA-256 of the cookie's key. The rest is in the row of `sessions`: lists,
-- revocations and deactivation work as for sessions of the API.
CREATE TABLE browser_sessions (
    key_hash         BLOB   PRIMARY KEY NOT NULL,
    session_id       BIGINT NOT NULL UNIQUE REFERENCES sessions (id) ON DELETE CASCADE,
    -- When the password was last typed.
    authenticated_at BIGINT NOT NULL
);

-- The user whose account pages the administrator views, and since when.
ALTER TABLE admin_sessions ADD COLUMN viewed_user_id BIGINT REFERENCES users (id) ON DELETE SET NULL;
ALTER TABLE admin_sessions ADD COLUMN view_began_at BIGINT;
