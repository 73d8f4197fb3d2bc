-- For the admin's overview and its pages about mails.

-- How many logins succeeded and failed in a past hour. An hour is counted when no more rows about it can come, so
-- the count never changes, costs a login nothing, and several processes may count.
CREATE TABLE login_tallies (
    -- When it began.
    hour   BIGINT PRIMARY KEY NOT NULL,
    worked BIGINT NOT NULL,
    failed BIGINT NOT NULL
);

-- Folded as users.email_key is. Older mails to an address with upper-case letters outside of ASCII are not found
-- by it.
ALTER TABLE mails ADD COLUMN recipient_key TEXT NOT NULL DEFAULT '';
UPDATE mails SET recipient_key = lower(recipient);
CREATE INDEX mails_recipient_key ON mails (recipient_key, id);

-- The few mails that are being sent.
CREATE INDEX mails_leased ON mails (id) WHERE lease IS NOT NULL;
