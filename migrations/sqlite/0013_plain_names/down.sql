ALTER TABLE audit RENAME COLUMN client_digest TO place_digest;
ALTER TABLE audit RENAME COLUMN client_salt TO place_salt;
ALTER TABLE audit RENAME COLUMN subject_digest TO who_digest;
ALTER TABLE audit RENAME COLUMN subject_salt TO who_salt;
ALTER TABLE admin_sessions RENAME COLUMN authenticated_at TO proven_at;
ALTER TABLE admin_sessions RENAME COLUMN last_seen_at TO seen_at;
ALTER TABLE mail_requests RENAME TO asked_letters;
