-- The twin of migrations/sqlite/0013_plain_names, which has the comments.

-- The index and the sequence of the primary key keep their names when PostgreSQL renames a table.
ALTER TABLE asked_letters RENAME TO mail_requests;
ALTER INDEX asked_letters_pkey RENAME TO mail_requests_pkey;
ALTER SEQUENCE asked_letters_id_seq RENAME TO mail_requests_id_seq;

ALTER TABLE admin_sessions RENAME COLUMN seen_at TO last_seen_at;
ALTER TABLE admin_sessions RENAME COLUMN proven_at TO authenticated_at;

ALTER TABLE audit RENAME COLUMN who_salt TO subject_salt;
ALTER TABLE audit RENAME COLUMN who_digest TO subject_digest;
ALTER TABLE audit RENAME COLUMN place_salt TO client_salt;
ALTER TABLE audit RENAME COLUMN place_digest TO client_digest;
