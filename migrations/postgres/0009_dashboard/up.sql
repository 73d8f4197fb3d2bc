-- The twin of migrations/sqlite/0009_dashboard, which has the comments.
CREATE TABLE login_tallies (
    hour   BIGINT PRIMARY KEY NOT NULL,
    worked BIGINT NOT NULL,
    failed BIGINT NOT NULL
);

ALTER TABLE mails ADD COLUMN recipient_key TEXT COLLATE "C" NOT NULL DEFAULT '';
UPDATE mails SET recipient_key = lower(recipient);
CREATE INDEX mails_recipient_key ON mails (recipient_key, id);

CREATE INDEX mails_leased ON mails (id) WHERE lease IS NOT NULL;
