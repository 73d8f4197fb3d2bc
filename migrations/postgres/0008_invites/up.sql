-- The twin of migrations/sqlite/0008_invites, which has the comments.

DROP INDEX one_time_keys_email_key;
CREATE INDEX one_time_keys_purpose ON one_time_keys (purpose, email_key);

CREATE INDEX audit_emails ON audit (subject_id, id) WHERE action IN (
    'created', 'registered', 'email-changed', 'email-confirmed', 'email-unconfirmed', 'email-restored',
    'confirmation-asked'
);
