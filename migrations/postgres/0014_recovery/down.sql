INSERT INTO throttles (bucket, empty_at)
    SELECT 'reserved-name:' || fingerprint, reserved_at + 259200000000 FROM reserved_names;
DROP TABLE reserved_names;
DROP TABLE known_addresses;
DROP INDEX users_hash_cost;
DROP INDEX users_recovery_email_key;
ALTER TABLE users DROP COLUMN recovery_email_key;
ALTER TABLE users DROP COLUMN recovery_email;
