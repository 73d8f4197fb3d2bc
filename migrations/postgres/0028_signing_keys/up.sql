-- The twin of migrations/sqlite/0028_signing_keys, which has the comments.
CREATE TABLE signing_keys (
    kid            TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    algorithm      TEXT COLLATE "C" NOT NULL,
    state          TEXT COLLATE "C" NOT NULL,
    private        BYTEA,
    public_jwk     TEXT COLLATE "C" NOT NULL,
    created_at     BIGINT NOT NULL,
    published_at   BIGINT NOT NULL,
    signs_from     BIGINT NOT NULL,
    signed_until   BIGINT,
    verifies_until BIGINT,
    version        BIGINT NOT NULL
);

CREATE INDEX signing_keys_version ON signing_keys (version);
