-- The languages of mails: the one that the user chose, and the one that the client of the last login asked for
-- (tags of BCP 47).
ALTER TABLE users ADD COLUMN chosen_language TEXT;
ALTER TABLE users ADD COLUMN client_language TEXT;
ALTER TABLE mail_requests ADD COLUMN language TEXT;

-- Texts of mails that an administrator has written, in place of the built-in ones.
CREATE TABLE mail_texts (
    name     TEXT COLLATE "C" NOT NULL,
    language TEXT COLLATE "C" NOT NULL,
    subject  TEXT NOT NULL,
    body     TEXT NOT NULL,
    PRIMARY KEY (name, language)
);

-- Whether the users of a bulk deletion get an email.
ALTER TABLE bulk_actions ADD COLUMN sends_notice BOOLEAN NOT NULL DEFAULT FALSE;
