-- Keys are asked for by address and purpose together, or by purpose in the order of addresses: the
-- open invitations.
DROP INDEX one_time_keys_email_key;
CREATE INDEX one_time_keys_purpose ON one_time_keys (purpose, email_key);

-- What became of a user's email, among the many rows of their logins.
CREATE INDEX audit_emails ON audit (subject_id, id) WHERE action IN (
    'created', 'registered', 'email-changed', 'email-confirmed', 'email-unconfirmed', 'email-restored',
    'confirmation-asked'
);
