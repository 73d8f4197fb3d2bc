-- Imports from another program, such as a Django, those that run and those of the past.
CREATE TABLE imports (
    id           INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    -- Where the users came from: a file, or a URL without its password.
    source       TEXT    NOT NULL,
    -- The mapping, as TOML.
    mapping      TEXT    NOT NULL,
    -- Whether users of an earlier import were brought up to date.
    is_sync      BOOLEAN NOT NULL,
    -- running, done or failed. One that was killed stays running, and its updated_at behind.
    state        TEXT    NOT NULL,
    -- Why it failed.
    failure      TEXT,
    -- How many rows the source has, if that is known, and was read.
    total        BIGINT  NOT NULL,
    rows_read    BIGINT  NOT NULL,
    -- The counts, as a JSON object.
    counts       TEXT    NOT NULL,
    started_at   BIGINT  NOT NULL,
    updated_at   BIGINT  NOT NULL,
    ended_at     BIGINT
);

-- The rows that an import left out, with the reasons. No value of a row but its key is here.
CREATE TABLE import_problems (
    import_id  BIGINT NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
    place      BIGINT NOT NULL,
    row_number BIGINT NOT NULL,
    origin_key TEXT,
    kind       TEXT   NOT NULL,
    reason     TEXT   NOT NULL,
    PRIMARY KEY (import_id, place)
);

-- Every user that was imported, by the key in the source, whichever import it was. The row outlives the account, so
-- that a later import does not bring a deleted account back.
CREATE TABLE import_rows (
    id         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    origin_key TEXT    NOT NULL,
    user_id    BIGINT  NOT NULL,
    -- A digest of the row as it was imported last: another one means that the source has changed.
    digest     BLOB    NOT NULL,
    -- users.updated_at as the import left it: another one means that the account was changed here.
    written_at BIGINT  NOT NULL
);
CREATE UNIQUE INDEX import_rows_origin_key ON import_rows (origin_key);
CREATE INDEX import_rows_user_id ON import_rows (user_id);
