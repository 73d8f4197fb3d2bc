-- Keys with which machines call the API for administrators and ask about tokens. The secret of a key is not stored,
-- only its SHA-256: 256 random bits cannot be guessed. A revoked key stays, because the audit log names it.
CREATE TABLE api_keys (
    id           TEXT   PRIMARY KEY NOT NULL,
    digest       BLOB   NOT NULL,
    name         TEXT   NOT NULL,
    -- Words with a blank between them.
    scopes       TEXT   NOT NULL,
    -- Networks in CIDR notation with a comma between them; empty for any address.
    networks     TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT,
    last_used_at BIGINT,
    revoked_at   BIGINT
);
