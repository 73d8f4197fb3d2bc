DROP INDEX audit_bulk_id;
ALTER TABLE audit DROP COLUMN bulk_id;
DROP TABLE bulk_users;
DROP TABLE bulk_actions;
DROP TABLE deleted_accounts;
DROP INDEX users_deletion_due_at;
ALTER TABLE users DROP COLUMN active_before_deletion;
ALTER TABLE users DROP COLUMN deletion_due_at;
