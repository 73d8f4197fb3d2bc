ALTER TABLE audit DROP COLUMN detail;
DROP TABLE admin_sessions;
