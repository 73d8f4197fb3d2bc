-- The twin of migrations/sqlite/0019_browser_sessions, which has the comments.

CREATE TABLE browser_sessions (
    key_hash         BYTEA  PRIMARY KEY NOT NULL,
    session_id       BIGINT NOT NULL UNIQUE REFERENCES sessions (id) ON DELETE CASCADE,
    authenticated_at BIGINT NOT NULL
);

ALTER TABLE admin_sessions ADD COLUMN viewed_user_id BIGINT REFERENCES users (id) ON DELETE SET NULL;
ALTER TABLE admin_sessions ADD COLUMN view_began_at BIGINT;
