-- The outbox: every mail is written in the transaction of what it speaks of, and sent afterwards.

CREATE TABLE mails (
    id         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    -- Which message, by its word.
    kind       TEXT    NOT NULL,
    -- Whom it is about. No foreign key: the notice of a deleted account outlives it.
    user_id    BIGINT,
    recipient  TEXT    NOT NULL,
    -- What the templates are told, as a JSON object of texts. Never a secret.
    params     TEXT    NOT NULL,
    -- The one-time key of the mail's link, as it is. Elsewhere only hashes of keys are kept; a mail
    -- that waits is the one place that must know it. It is NULL where the kind has none, and becomes
    -- NULL as soon as the mail is sent, dropped or dead.
    secret     TEXT,
    -- waiting, sent, dead (given up) or dropped (by an operator).
    state      TEXT    NOT NULL,
    -- How often a server was asked to take it, and answered or fell silent.
    attempts   BIGINT  NOT NULL,
    -- When a worker may take it next. Taking it moves this to the end of the lease, so that nobody
    -- else takes it meanwhile, and somebody does if the worker dies. NULL unless it waits.
    due_at     BIGINT,
    -- Of which taking the lease is; NULL while nobody is at it.
    lease      TEXT,
    -- What stands before the @ of the Message-ID, so that it is the same each time.
    message_id TEXT    NOT NULL,
    -- Why it was not sent, the last time, in words.
    last_error TEXT,
    created_at BIGINT  NOT NULL,
    -- When it was sent, given up or dropped.
    ended_at   BIGINT
);
CREATE INDEX mails_due_at ON mails (due_at, id);
CREATE INDEX mails_state ON mails (state, id);
CREATE INDEX mails_user_id ON mails (user_id);
CREATE INDEX mails_ended_at ON mails (ended_at);
