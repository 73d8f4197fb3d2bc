-- The twin of migrations/sqlite/0007_audit_chain, which has the comments.

ALTER TABLE audit ADD COLUMN seal_number BIGINT;
ALTER TABLE audit ADD COLUMN seal BYTEA;
ALTER TABLE audit ADD COLUMN who_salt BYTEA;
ALTER TABLE audit ADD COLUMN who_digest BYTEA;
ALTER TABLE audit ADD COLUMN place_salt BYTEA;
ALTER TABLE audit ADD COLUMN place_digest BYTEA;
ALTER TABLE audit ALTER COLUMN action TYPE TEXT COLLATE "C";
ALTER TABLE audit ALTER COLUMN address TYPE TEXT COLLATE "C";

CREATE UNIQUE INDEX audit_seal_number ON audit (seal_number) WHERE seal_number IS NOT NULL;
CREATE INDEX audit_unsealed ON audit (id) WHERE seal_number IS NULL;

DROP INDEX audit_subject_id;
DROP INDEX audit_actor_id;
CREATE INDEX audit_at ON audit (at, id);
CREATE INDEX audit_action ON audit (action, at, id);
CREATE INDEX audit_subject_id ON audit (subject_id, at, id) WHERE subject_id IS NOT NULL;
CREATE INDEX audit_actor_id ON audit (actor_id, at, id) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_address ON audit (address, at, id) WHERE address IS NOT NULL;
