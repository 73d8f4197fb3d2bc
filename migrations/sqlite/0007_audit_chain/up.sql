-- The chain over the audit: each row gets a number (1, 2, 3, … without a gap) and a seal, which is a
-- hash over the row and the seal of the one before it. Both come a moment after the row itself:
-- NULL until then.
--
-- What tells of a person goes when the account does, and must not break the chain: so the seal is not
-- over it, but over a salted digest of it. The salt goes with it, and then the digest tells nothing.
-- `who` is of subject and detail, `place` of address and user_agent; NULL where there is none of them.

ALTER TABLE audit ADD COLUMN seal_number BIGINT;
ALTER TABLE audit ADD COLUMN seal BLOB;
ALTER TABLE audit ADD COLUMN who_salt BLOB;
ALTER TABLE audit ADD COLUMN who_digest BLOB;
ALTER TABLE audit ADD COLUMN place_salt BLOB;
ALTER TABLE audit ADD COLUMN place_digest BLOB;

CREATE UNIQUE INDEX audit_seal_number ON audit (seal_number) WHERE seal_number IS NOT NULL;
CREATE INDEX audit_unsealed ON audit (id) WHERE seal_number IS NULL;

-- What the log is searched by, each in the order of its pages.
DROP INDEX audit_subject_id;
DROP INDEX audit_actor_id;
CREATE INDEX audit_at ON audit (at, id);
CREATE INDEX audit_action ON audit (action, at, id);
CREATE INDEX audit_subject_id ON audit (subject_id, at, id) WHERE subject_id IS NOT NULL;
CREATE INDEX audit_actor_id ON audit (actor_id, at, id) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_address ON audit (address, at, id) WHERE address IS NOT NULL;
