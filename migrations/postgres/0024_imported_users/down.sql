DROP TABLE user_groups;
DROP TABLE groups;
-- Fails where several users have no address: the schema before cannot hold them.
DROP INDEX users_email_key;
CREATE UNIQUE INDEX users_email_key ON users (email_key);
ALTER TABLE users DROP COLUMN attributes;
DROP INDEX users_public_id;
ALTER TABLE users DROP COLUMN public_id;
