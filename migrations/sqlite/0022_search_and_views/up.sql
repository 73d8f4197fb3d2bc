-- Names and addresses without accents, a line each, so that `oyvind` finds Øyvind: computed by the program
-- (`types::fold::unaccented`), and NULL where `username_key` and `email_key` have none, as most have.
ALTER TABLE users ADD COLUMN search_key TEXT;
CREATE INDEX users_search_key ON users (search_key) WHERE search_key IS NOT NULL;

DROP TRIGGER user_search_insert;
DROP TRIGGER user_search_delete;
DROP TRIGGER user_search_update;

CREATE TRIGGER user_search_insert AFTER INSERT ON users BEGIN
    INSERT INTO user_search (rowid, text)
    VALUES (new.id, new.username_key || char(10) || new.email_key || coalesce(char(10) || new.search_key, ''));
END;
CREATE TRIGGER user_search_delete AFTER DELETE ON users BEGIN
    INSERT INTO user_search (user_search, rowid, text)
    VALUES ('delete', old.id, old.username_key || char(10) || old.email_key || coalesce(char(10) || old.search_key, ''));
END;
CREATE TRIGGER user_search_update AFTER UPDATE OF username_key, email_key, search_key ON users BEGIN
    INSERT INTO user_search (user_search, rowid, text)
    VALUES ('delete', old.id, old.username_key || char(10) || old.email_key || coalesce(char(10) || old.search_key, ''));
    INSERT INTO user_search (rowid, text)
    VALUES (new.id, new.username_key || char(10) || new.email_key || coalesce(char(10) || new.search_key, ''));
END;

-- The program computes the key of these users at the next start.
INSERT OR IGNORE INTO stale_keys (source, item)
SELECT 'users', CAST(id AS TEXT) FROM users
WHERE username_key GLOB '*[^ -~]*' OR email_key GLOB '*[^ -~]*';

-- Lists of users that an administrator saved under a name: the query of the URL.
CREATE TABLE saved_views (
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name    TEXT NOT NULL,
    query   TEXT NOT NULL,
    PRIMARY KEY (user_id, name)
);
