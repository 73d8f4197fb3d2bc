-- The hash chain of the audit log: each row gets a number (1, 2, 3, … without a gap) and a seal, a hash of the row
-- and of the seal before it. Both are NULL for a moment after the insertion.
--
-- Personal data is removed with its account and must not break the chain, so the seal is over salted digests of
-- it. The salt is removed as well, and then the digest reveals nothing. `who` is for subject and detail, `place`
-- for address and user_agent; NULL where both are NULL.

ALTER TABLE audit ADD COLUMN seal_number BIGINT;
ALTER TABLE audit ADD COLUMN seal BLOB;
ALTER TABLE audit ADD COLUMN who_salt BLOB;
ALTER TABLE audit ADD COLUMN who_digest BLOB;
ALTER TABLE audit ADD COLUMN place_salt BLOB;
ALTER TABLE audit ADD COLUMN place_digest BLOB;

CREATE UNIQUE INDEX audit_seal_number ON audit (seal_number) WHERE seal_number IS NOT NULL;
CREATE INDEX audit_unsealed ON audit (id) WHERE seal_number IS NULL;

-- The filters of the log, each in the order of the pages.
DROP INDEX audit_subject_id;
DROP INDEX audit_actor_id;
CREATE INDEX audit_at ON audit (at, id);
CREATE INDEX audit_action ON audit (action, at, id);
CREATE INDEX audit_subject_id ON audit (subject_id, at, id) WHERE subject_id IS NOT NULL;
CREATE INDEX audit_actor_id ON audit (actor_id, at, id) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_address ON audit (address, at, id) WHERE address IS NOT NULL;
