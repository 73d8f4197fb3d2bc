DROP TABLE saved_views;

DROP TRIGGER user_search_insert;
DROP TRIGGER user_search_delete;
DROP TRIGGER user_search_update;
INSERT INTO user_search (user_search, rowid, text)
SELECT 'delete', id, username_key || char(10) || email_key || char(10) || search_key FROM users
WHERE search_key IS NOT NULL;
INSERT INTO user_search (rowid, text)
SELECT id, username_key || char(10) || email_key FROM users WHERE search_key IS NOT NULL;

CREATE TRIGGER user_search_insert AFTER INSERT ON users BEGIN
    INSERT INTO user_search (rowid, text) VALUES (new.id, new.username_key || char(10) || new.email_key);
END;
CREATE TRIGGER user_search_delete AFTER DELETE ON users BEGIN
    INSERT INTO user_search (user_search, rowid, text)
    VALUES ('delete', old.id, old.username_key || char(10) || old.email_key);
END;
CREATE TRIGGER user_search_update AFTER UPDATE OF username_key, email_key ON users BEGIN
    INSERT INTO user_search (user_search, rowid, text)
    VALUES ('delete', old.id, old.username_key || char(10) || old.email_key);
    INSERT INTO user_search (rowid, text) VALUES (new.id, new.username_key || char(10) || new.email_key);
END;

DROP INDEX users_search_key;
ALTER TABLE users DROP COLUMN search_key;
