-- A key is bound to a user, an address, or both. The keys of a user are deleted with the user.

ALTER TABLE one_time_keys ADD COLUMN user_id BIGINT REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE one_time_keys ADD COLUMN email TEXT;
-- Folded as users.email_key is.
ALTER TABLE one_time_keys ADD COLUMN email_key TEXT;

CREATE INDEX one_time_keys_user_id ON one_time_keys (user_id, purpose);
CREATE INDEX one_time_keys_email_key ON one_time_keys (email_key, purpose);
CREATE INDEX one_time_keys_expires_at ON one_time_keys (expires_at);

-- Requests for a mail to an address. A row is the same whether an account has the address or not; that is looked
-- up after the response.
CREATE TABLE asked_letters (
    id         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    purpose    TEXT   NOT NULL,
    email      TEXT   NOT NULL,
    address    TEXT,
    user_agent TEXT,
    created_at BIGINT NOT NULL
);

-- For removing a deleted user from the audit log, and for listing administrators.
CREATE INDEX audit_actor_id ON audit (actor_id, id);
CREATE INDEX users_is_admin ON users (is_admin, id);
