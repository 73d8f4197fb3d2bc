-- The twin of migrations/sqlite/0005_admin_sessions, which has the comments.

CREATE TABLE admin_sessions (
    key_hash   BYTEA  PRIMARY KEY NOT NULL,
    user_id    BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    proven_at  BIGINT NOT NULL,
    address    TEXT,
    user_agent TEXT
);
CREATE INDEX admin_sessions_user_id ON admin_sessions (user_id);
CREATE INDEX admin_sessions_created_at ON admin_sessions (created_at);

ALTER TABLE audit ADD COLUMN detail TEXT;
