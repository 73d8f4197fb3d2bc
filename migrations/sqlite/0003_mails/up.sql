-- The outbox: a mail is inserted in the transaction of the change that it is about, and sent afterwards.

CREATE TABLE mails (
    id         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    -- The kind of the message.
    kind       TEXT    NOT NULL,
    -- The user whom it is about. No foreign key: the notice of a deleted account outlives the account.
    user_id    BIGINT,
    recipient  TEXT    NOT NULL,
    -- The parameters of the template, as a JSON object of texts. Never a secret.
    params     TEXT    NOT NULL,
    -- The one-time key of the mail's link, in plain text: a waiting mail needs it. All other places store hashes.
    -- NULL if the kind has no link, and as soon as the mail is sent, dropped or dead.
    secret     TEXT,
    -- waiting, sent, dead (given up) or dropped (by an operator).
    state      TEXT    NOT NULL,
    -- How many attempts to send it there were; attempts during an outage do not count.
    attempts   BIGINT  NOT NULL,
    -- When a worker may send it. A lease moves it to the end of the lease, so that no other worker sends it
    -- before, and another one does if this one dies. NULL unless the mail waits.
    due_at     BIGINT,
    -- Identifies the lease; NULL without one.
    lease      TEXT,
    -- The part of the Message-ID before the @, the same for every attempt.
    message_id TEXT    NOT NULL,
    -- The last error.
    last_error TEXT,
    created_at BIGINT  NOT NULL,
    -- When it was sent, given up or dropped.
    ended_at   BIGINT
);
CREATE INDEX mails_due_at ON mails (due_at, id);
CREATE INDEX mails_state ON mails (state, id);
CREATE INDEX mails_user_id ON mails (user_id);
CREATE INDEX mails_ended_at ON mails (ended_at);
