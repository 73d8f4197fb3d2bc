-- When the account is deleted, if its deletion was requested and waits (account.delete_after). Until then it is
-- inactive; the second column says whether it was active before, for taking the deletion back.
ALTER TABLE users ADD COLUMN deletion_due_at BIGINT;
ALTER TABLE users ADD COLUMN active_before_deletion BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX users_deletion_due_at ON users (deletion_due_at) WHERE deletion_due_at IS NOT NULL;

-- What is remembered of deleted accounts, so that neither a restored backup nor an import brings them back
-- (decision 0085).
CREATE TABLE deleted_accounts (
    -- A digest of the id and of the moment of creation: together they are of one account only.
    account_digest BLOB   PRIMARY KEY NOT NULL,
    user_id        BIGINT NOT NULL,
    -- A digest of the address, keyed by the secret 'deleted-accounts'.
    email_digest   BLOB   NOT NULL,
    deleted_at     BIGINT NOT NULL
);
CREATE INDEX deleted_accounts_email_digest ON deleted_accounts (email_digest);
CREATE INDEX deleted_accounts_deleted_at ON deleted_accounts (deleted_at);

-- Actions on many users: those that run, and those of the last weeks.
CREATE TABLE bulk_actions (
    id            INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    -- The word of the action.
    action        TEXT    NOT NULL,
    -- The administrator, and the client, which the audit rows name. The client is removed at the end.
    actor_id      BIGINT  NOT NULL,
    address       TEXT,
    user_agent    TEXT,
    -- The hash of the administrator's session in the admin, which the end of sessions spares.
    session_hash  BLOB,
    reason        TEXT,
    -- The bulk action that this one undoes. Unique: of two clicks on "Undo" the second finds it.
    undoes        BIGINT  UNIQUE,
    -- preparing (the users are being listed), running, done or stopped.
    state         TEXT    NOT NULL,
    total         BIGINT  NOT NULL,
    changed       BIGINT  NOT NULL,
    skipped       BIGINT  NOT NULL,
    created_at    BIGINT  NOT NULL,
    ended_at      BIGINT,
    -- The process that works on it, and until when no other one takes it over.
    lease         TEXT,
    lease_ends_at BIGINT
);
CREATE INDEX bulk_actions_created_at ON bulk_actions (created_at);

-- The users of a bulk action.
CREATE TABLE bulk_users (
    bulk_id        BIGINT NOT NULL REFERENCES bulk_actions (id) ON DELETE CASCADE,
    user_id        BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- The address, if the action is about it: a user with another one by then is skipped.
    email          TEXT,
    -- For an undo: users.updated_at as the bulk action left it. A user with a later one was changed again.
    version        BIGINT,
    -- For an undo of a confirmation: the recovery address that it removed.
    recovery_email TEXT,
    -- changed, or why the user was skipped; NULL until then.
    outcome        TEXT,
    PRIMARY KEY (bulk_id, user_id)
);
CREATE INDEX bulk_users_user_id ON bulk_users (user_id);

-- The bulk action that a row belongs to.
ALTER TABLE audit ADD COLUMN bulk_id BIGINT;
CREATE INDEX audit_bulk_id ON audit (bulk_id, at, id) WHERE bulk_id IS NOT NULL;
