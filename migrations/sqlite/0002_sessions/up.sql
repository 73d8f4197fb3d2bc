-- Sessions: each begins with a login and lasts until it is ended or its last token expires.
--
-- A token's id (jti) begins with the handle of its session, so that not every token needs a row. A token of
-- another issuer with the same key has no session here until there is something to store about it.
CREATE TABLE sessions (
    -- AUTOINCREMENT: an id on an open page never means a later session.
    id           INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    user_id      BIGINT  NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    handle       TEXT    NOT NULL,
    started_at   BIGINT  NOT NULL,
    last_seen_at BIGINT  NOT NULL,
    address      TEXT,
    user_agent   TEXT,
    -- When its last token expires. Until then the row stays, also after the session has ended: it invalidates
    -- the tokens.
    expires_at   BIGINT  NOT NULL,
    ended_at     BIGINT
);
CREATE UNIQUE INDEX sessions_user_id_handle ON sessions (user_id, handle);
CREATE INDEX sessions_expires_at ON sessions (expires_at);

-- Refresh tokens, as SHA-256 of their ids. A replaced token has replaced_at, its valid successor has not.
CREATE TABLE refresh_tokens (
    session_id  BIGINT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    token_hash  BLOB   NOT NULL,
    -- Seconds since 1970, as in the token.
    issued_at   BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    -- Microseconds, as elsewhere.
    replaced_at BIGINT,
    PRIMARY KEY (session_id, token_hash)
);
