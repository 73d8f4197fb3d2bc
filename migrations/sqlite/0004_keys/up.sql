-- A key in a mail's link is bound to an account, to an address, or to both: NULL where there is
-- none of them. An account takes its keys along when it goes.

ALTER TABLE one_time_keys ADD COLUMN user_id BIGINT REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE one_time_keys ADD COLUMN email TEXT;
-- Folded as users.email_key is.
ALTER TABLE one_time_keys ADD COLUMN email_key TEXT;

CREATE INDEX one_time_keys_user_id ON one_time_keys (user_id, purpose);
CREATE INDEX one_time_keys_email_key ON one_time_keys (email_key, purpose);
CREATE INDEX one_time_keys_expires_at ON one_time_keys (expires_at);

-- Who asked for a letter to an address. Written alike whether or not anybody has the address; whose
-- it is, is looked up after the answer has gone out.
CREATE TABLE asked_letters (
    id         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    purpose    TEXT   NOT NULL,
    email      TEXT   NOT NULL,
    address    TEXT,
    user_agent TEXT,
    created_at BIGINT NOT NULL
);

-- For what an account that goes leaves behind, and for who else is an administrator.
CREATE INDEX audit_actor_id ON audit (actor_id, id);
CREATE INDEX users_is_admin ON users (is_admin, id);
