-- The keys that sign tokens with a public and a private half, and a row for the one of HS256 once there are such
-- keys. A key that is gone stays, without its private half, so that the highest version never falls: each process
-- compares it with the version that it has read.
CREATE TABLE signing_keys (
    kid            TEXT   PRIMARY KEY NOT NULL,
    algorithm      TEXT   NOT NULL,
    state          TEXT   NOT NULL,
    private        BLOB,
    public_jwk     TEXT   NOT NULL,
    created_at     BIGINT NOT NULL,
    published_at   BIGINT NOT NULL,
    signs_from     BIGINT NOT NULL,
    signed_until   BIGINT,
    verifies_until BIGINT,
    version        BIGINT NOT NULL
);

CREATE INDEX signing_keys_version ON signing_keys (version);
