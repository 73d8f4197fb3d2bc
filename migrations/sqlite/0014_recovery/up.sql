-- Who may get an account back, and what a stranger may learn about accounts.

-- The last address that was confirmed, while the account has a newer one that is not confirmed yet.
ALTER TABLE users ADD COLUMN recovery_email TEXT;
-- Folded as email_key is.
ALTER TABLE users ADD COLUMN recovery_email_key TEXT;
CREATE INDEX users_recovery_email_key ON users (recovery_email_key);

-- The cost of each stored hash as two digits, or nothing: a failed login takes the time of the highest.
CREATE INDEX users_hash_cost ON users ((CASE
    WHEN length(password_hash) = 74 AND substr(password_hash, 1, 16) = 'bcrypt_sha256$$2' THEN substr(password_hash, 19, 2)
    WHEN length(password_hash) = 67 AND substr(password_hash, 1, 9) = 'bcrypt$$2' THEN substr(password_hash, 12, 2)
    WHEN length(password_hash) = 60 AND substr(password_hash, 1, 2) = '$2' THEN substr(password_hash, 5, 2)
    ELSE '' END));

-- The networks from which an account logged in before.
CREATE TABLE known_addresses (
    user_id      BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    network      TEXT   NOT NULL,
    last_used_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, network)
);
-- An IPv6 network is not its address, so only IPv4 addresses are taken over.
INSERT INTO known_addresses (user_id, network, last_used_at)
    SELECT user_id, address, max(started_at) FROM sessions
    WHERE address IS NOT NULL AND address NOT LIKE '%:%' GROUP BY user_id, address;

-- The names of accounts that seemed to be registered, as fingerprints. A name is reserved for as long as an
-- unconfirmed account would exist.
CREATE TABLE reserved_names (
    fingerprint TEXT   PRIMARY KEY NOT NULL,
    reserved_at BIGINT NOT NULL
);
CREATE INDEX reserved_names_reserved_at ON reserved_names (reserved_at);
-- They were reserved for three days, among the levels of rate limits.
INSERT INTO reserved_names (fingerprint, reserved_at)
    SELECT substr(bucket, 15), empty_at - 259200000000 FROM throttles WHERE bucket LIKE 'reserved-name:%';
DELETE FROM throttles WHERE bucket LIKE 'reserved-name:%';
