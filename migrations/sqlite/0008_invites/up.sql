-- Keys are looked up by purpose and address, and open invitations are listed in the order of addresses.
DROP INDEX one_time_keys_email_key;
CREATE INDEX one_time_keys_purpose ON one_time_keys (purpose, email_key);

-- Changes of a user's email, among many rows of logins.
CREATE INDEX audit_emails ON audit (subject_id, id) WHERE action IN (
    'created', 'registered', 'email-changed', 'email-confirmed', 'email-unconfirmed', 'email-restored',
    'confirmation-asked'
);
