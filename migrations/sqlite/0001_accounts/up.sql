-- Accounts, the audit log, and values that all processes on one database share.
--
-- Moments are microseconds since 1970 in UTC (BIGINT): they sort and compare the same in both dialects.

CREATE TABLE users (
    -- AUTOINCREMENT: an id is never used again, so a token of a deleted user never belongs to a later user.
    id                 INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    username           TEXT    NOT NULL,
    -- Folded in the program (NFKC, lower case): lower() of SQLite knows ASCII only, that of PostgreSQL depends
    -- on the locale.
    username_key       TEXT    NOT NULL,
    email              TEXT    NOT NULL,
    email_key          TEXT    NOT NULL,
    password_hash      TEXT    NOT NULL,
    is_email_confirmed BOOLEAN NOT NULL,
    is_active          BOOLEAN NOT NULL,
    is_admin           BOOLEAN NOT NULL,
    -- Seconds since 1970: tokens issued before are not valid.
    tokens_valid_from  BIGINT  NOT NULL,
    created_at         BIGINT  NOT NULL,
    updated_at         BIGINT  NOT NULL,
    last_login_at      BIGINT
);
CREATE UNIQUE INDEX users_username_key ON users (username_key);
CREATE UNIQUE INDEX users_email_key ON users (email_key);

-- The audit log. Rows are only inserted. They outlive the accounts that they are about, so there is no foreign
-- key.
CREATE TABLE audit (
    id         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    at         BIGINT NOT NULL,
    action     TEXT   NOT NULL,
    actor      TEXT   NOT NULL,
    actor_id   BIGINT,
    subject_id BIGINT,
    subject    TEXT,
    address    TEXT,
    user_agent TEXT
);
CREATE INDEX audit_subject_id ON audit (subject_id, id);

-- The leaky buckets of rate limits: `empty_at` is when the bucket will be empty.
CREATE TABLE throttles (
    bucket   TEXT   PRIMARY KEY NOT NULL,
    empty_at BIGINT NOT NULL
);
CREATE INDEX throttles_empty_at ON throttles (empty_at);

-- The keys of links that work once, as SHA-256.
CREATE TABLE one_time_keys (
    key_hash   BLOB   PRIMARY KEY NOT NULL,
    purpose    TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- Secrets that all processes on the database share, such as the signing key.
CREATE TABLE secrets (
    name       TEXT   PRIMARY KEY NOT NULL,
    value      BLOB   NOT NULL,
    created_at BIGINT NOT NULL
);
