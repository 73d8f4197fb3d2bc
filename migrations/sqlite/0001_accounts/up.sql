-- Accounts, what happened to them, and the few things all processes on one database share.
--
-- Moments are microseconds since 1970 in UTC (BIGINT), so that they sort, compare and mean
-- the same in every dialect.

CREATE TABLE users (
    -- AUTOINCREMENT: an id is never used again, so that a token of a deleted user
    -- can never open the account of a later one.
    id                 INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    username           TEXT    NOT NULL,
    -- Folded in the program (NFKC, lower case): SQL's lower() is ASCII-only here
    -- and follows the locale elsewhere.
    username_key       TEXT    NOT NULL,
    email              TEXT    NOT NULL,
    email_key          TEXT    NOT NULL,
    password_hash      TEXT    NOT NULL,
    is_email_confirmed BOOLEAN NOT NULL,
    is_active          BOOLEAN NOT NULL,
    is_admin           BOOLEAN NOT NULL,
    -- Seconds since 1970: a token issued before this moment is not good any more.
    tokens_valid_from  BIGINT  NOT NULL,
    created_at         BIGINT  NOT NULL,
    updated_at         BIGINT  NOT NULL,
    last_login_at      BIGINT
);
CREATE UNIQUE INDEX users_username_key ON users (username_key);
CREATE UNIQUE INDEX users_email_key ON users (email_key);

-- What happened to whom, when, and who did it from where. Rows are only ever added, and
-- outlive the account they speak of: hence no foreign key.
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

-- Leaky buckets of failed logins: `empty_at` is when the last failure will have leaked away.
CREATE TABLE throttles (
    bucket   TEXT   PRIMARY KEY NOT NULL,
    empty_at BIGINT NOT NULL
);
CREATE INDEX throttles_empty_at ON throttles (empty_at);

-- Links that work once. Only a SHA-256 of the key is here.
CREATE TABLE one_time_keys (
    key_hash   BLOB   PRIMARY KEY NOT NULL,
    purpose    TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- What the processes of one installation share, such as the signing key.
CREATE TABLE secrets (
    name       TEXT   PRIMARY KEY NOT NULL,
    value      BLOB   NOT NULL,
    created_at BIGINT NOT NULL
);
