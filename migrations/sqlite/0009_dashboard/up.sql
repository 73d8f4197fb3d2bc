-- What the admin's overview and its pages about mails ask for.

-- How many logins worked and failed in an hour that is over. Each hour is counted once, when no
-- row about it can come any more, and never changes: so it costs a login nothing, and it is all
-- the same how many processes do it.
CREATE TABLE login_tallies (
    -- When it began.
    hour   BIGINT PRIMARY KEY NOT NULL,
    worked BIGINT NOT NULL,
    failed BIGINT NOT NULL
);

-- Folded as users.email_key is. Of mails that were written before this there may be some whose
-- address has other letters than ASCII's in upper case; those are not found by it.
ALTER TABLE mails ADD COLUMN recipient_key TEXT NOT NULL DEFAULT '';
UPDATE mails SET recipient_key = lower(recipient);
CREATE INDEX mails_recipient_key ON mails (recipient_key, id);

-- What is being sent at this moment: very few.
CREATE INDEX mails_leased ON mails (id) WHERE lease IS NOT NULL;
