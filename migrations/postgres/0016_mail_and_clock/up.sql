-- Since when the mail server refuses a mail in a way that looked like a refusal of all mails. NULL if it does not.
ALTER TABLE mails ADD COLUMN refused_at BIGINT;

-- When the level of a bucket was written: a row that lies in the future was written by a clock that was ahead.
-- Levels from before are unknown in that respect, so they are given up.
DELETE FROM throttles;
ALTER TABLE throttles ADD COLUMN written_at BIGINT NOT NULL DEFAULT 0;
