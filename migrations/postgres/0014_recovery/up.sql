-- The twin of migrations/sqlite/0014_recovery, which has the comments.

ALTER TABLE users ADD COLUMN recovery_email TEXT;
ALTER TABLE users ADD COLUMN recovery_email_key TEXT COLLATE "C";
CREATE INDEX users_recovery_email_key ON users (recovery_email_key);

CREATE INDEX users_hash_cost ON users ((CASE
    WHEN length(password_hash) = 74 AND substr(password_hash, 1, 16) = 'bcrypt_sha256$$2' THEN substr(password_hash, 19, 2)
    WHEN length(password_hash) = 67 AND substr(password_hash, 1, 9) = 'bcrypt$$2' THEN substr(password_hash, 12, 2)
    WHEN length(password_hash) = 60 AND substr(password_hash, 1, 2) = '$2' THEN substr(password_hash, 5, 2)
    ELSE '' END) COLLATE "C");

CREATE TABLE known_addresses (
    user_id      BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    network      TEXT   COLLATE "C" NOT NULL,
    last_used_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, network)
);
INSERT INTO known_addresses (user_id, network, last_used_at)
    SELECT user_id, address, max(started_at) FROM sessions
    WHERE address IS NOT NULL AND address NOT LIKE '%:%' GROUP BY user_id, address;

CREATE TABLE reserved_names (
    fingerprint TEXT   COLLATE "C" PRIMARY KEY NOT NULL,
    reserved_at BIGINT NOT NULL
);
CREATE INDEX reserved_names_reserved_at ON reserved_names (reserved_at);
INSERT INTO reserved_names (fingerprint, reserved_at)
    SELECT substr(bucket, 15), empty_at - 259200000000 FROM throttles WHERE bucket LIKE 'reserved-name:%';
DELETE FROM throttles WHERE bucket LIKE 'reserved-name:%';
