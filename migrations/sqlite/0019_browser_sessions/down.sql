ALTER TABLE admin_sessions DROP COLUMN view_began_at;
ALTER TABLE admin_sessions DROP COLUMN viewed_user_id;
DROP TABLE browser_sessions;
