-- The twin of migrations/sqlite/0022_search_and_views, which has the comments.
ALTER TABLE users ADD COLUMN search_key TEXT COLLATE "C";
CREATE INDEX users_search_key ON users (search_key) WHERE search_key IS NOT NULL;

DROP INDEX users_trigrams;
CREATE INDEX users_trigrams ON users
USING gin (user_trigrams(username_key || coalesce(chr(10) || search_key, ''), email_key));

INSERT INTO stale_keys (source, item)
SELECT 'users', id::text FROM users WHERE username_key ~ '[^ -~]' OR email_key ~ '[^ -~]'
ON CONFLICT DO NOTHING;

CREATE TABLE saved_views (
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name    TEXT COLLATE "C" NOT NULL,
    query   TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (user_id, name)
);
