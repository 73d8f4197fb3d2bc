DROP INDEX users_is_admin;
DROP INDEX audit_actor_id;
DROP TABLE asked_letters;
DELETE FROM one_time_keys WHERE user_id IS NOT NULL OR email IS NOT NULL;
ALTER TABLE one_time_keys DROP COLUMN user_id, DROP COLUMN email, DROP COLUMN email_key;
DROP INDEX one_time_keys_expires_at;
