-- Names that say what a table or column holds. No value changes: the audit chain hashes values, not
-- names of columns.

-- Requests for a mail to an address, until the account of the address was looked up.
ALTER TABLE asked_letters RENAME TO mail_requests;

-- The last request of the session, and the last time that the password was typed.
ALTER TABLE admin_sessions RENAME COLUMN seen_at TO last_seen_at;
ALTER TABLE admin_sessions RENAME COLUMN proven_at TO authenticated_at;

-- The digests of `subject` and `detail`, and of `address` and `user_agent`, with their salts.
ALTER TABLE audit RENAME COLUMN who_salt TO subject_salt;
ALTER TABLE audit RENAME COLUMN who_digest TO subject_digest;
ALTER TABLE audit RENAME COLUMN place_salt TO client_salt;
ALTER TABLE audit RENAME COLUMN place_digest TO client_digest;
