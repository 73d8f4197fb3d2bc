-- The twin of migrations/sqlite/0012_audit_head, which has the comments.
CREATE TABLE audit_head (
    seal_number BIGINT PRIMARY KEY NOT NULL,
    seal        BYTEA NOT NULL
);
INSERT INTO audit_head (seal_number, seal)
SELECT seal_number, seal FROM audit WHERE seal_number = (SELECT max(seal_number) FROM audit) AND seal IS NOT NULL;
