-- Searching a million users by a part of their name or email, and by their state.
--
-- `user_search` is a trigram index over the folded names and emails. It stores no text, and the triggers maintain
-- it. (PostgreSQL has an index over a function.)
CREATE VIRTUAL TABLE user_search USING fts5(
    text, content = '', columnsize = 0, detail = none, tokenize = 'trigram case_sensitive 1'
);
INSERT INTO user_search (rowid, text) SELECT id, username_key || char(10) || email_key FROM users;

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

-- The orders of the list other than name and email.
CREATE INDEX users_created_at ON users (created_at, id);
CREATE INDEX users_last_login_at ON users (coalesce(last_login_at, 0), id);

-- States that few users have.
CREATE INDEX users_admins ON users (id) WHERE is_admin;
CREATE INDEX users_inactive ON users (id) WHERE NOT is_active;
CREATE INDEX users_confirmed ON users (is_email_confirmed, id);
