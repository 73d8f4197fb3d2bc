DROP INDEX users_is_admin;
DROP INDEX audit_actor_id;
DROP TABLE asked_letters;
-- SQLite drops no column that is a foreign key, so the table is made anew.
CREATE TABLE bare_keys (
    key_hash   BLOB   PRIMARY KEY NOT NULL,
    purpose    TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
INSERT INTO bare_keys
    SELECT key_hash, purpose, created_at, expires_at FROM one_time_keys
    WHERE user_id IS NULL AND email IS NULL;
DROP TABLE one_time_keys;
ALTER TABLE bare_keys RENAME TO one_time_keys;
