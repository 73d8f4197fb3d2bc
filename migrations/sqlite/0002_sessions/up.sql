-- What was begun by a log-in and goes on until it is ended or its last token expires.
--
-- A token's id (jti) begins with the handle of its session, so that no row is needed for each
-- token. A token of another issuer with the same key has no session here, until there is
-- something to remember of it.
CREATE TABLE sessions (
    -- AUTOINCREMENT: an id that a page still shows never means a later session.
    id           INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    user_id      BIGINT  NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    handle       TEXT    NOT NULL,
    started_at   BIGINT  NOT NULL,
    last_seen_at BIGINT  NOT NULL,
    address      TEXT,
    user_agent   TEXT,
    -- When its last token expires. Until then the row stays, also that of an ended session:
    -- it is what makes those tokens bad.
    expires_at   BIGINT  NOT NULL,
    ended_at     BIGINT
);
CREATE UNIQUE INDEX sessions_user_id_handle ON sessions (user_id, handle);
CREATE INDEX sessions_expires_at ON sessions (expires_at);

-- Refresh tokens, as SHA-256 of their ids. One that was replaced is told from its successor, which
-- is good, by replaced_at.
CREATE TABLE refresh_tokens (
    session_id  BIGINT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    token_hash  BLOB   NOT NULL,
    -- In seconds since 1970, as the token says it.
    issued_at   BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    -- A moment, as elsewhere.
    replaced_at BIGINT,
    PRIMARY KEY (session_id, token_hash)
);
