-- Where the chain of the audit ends: one row, once there is a chain. It shows that rows were cut off from
-- the end, which the rows that are left do not.
CREATE TABLE audit_head (
    seal_number BIGINT PRIMARY KEY NOT NULL,
    seal        BLOB NOT NULL
);
INSERT INTO audit_head (seal_number, seal)
SELECT seal_number, seal FROM audit WHERE seal_number = (SELECT max(seal_number) FROM audit) AND seal IS NOT NULL;
