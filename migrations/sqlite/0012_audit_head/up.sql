-- The head of the audit chain: one row, once there is a chain. It shows when rows at the end were removed.
CREATE TABLE audit_head (
    seal_number BIGINT PRIMARY KEY NOT NULL,
    seal        BLOB NOT NULL
);
INSERT INTO audit_head (seal_number, seal)
SELECT seal_number, seal FROM audit WHERE seal_number = (SELECT max(seal_number) FROM audit) AND seal IS NOT NULL;
