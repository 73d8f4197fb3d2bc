DROP INDEX audit_emails;
DROP INDEX one_time_keys_purpose;
CREATE INDEX one_time_keys_email_key ON one_time_keys (email_key, purpose);
