DROP TABLE saved_views;
DROP INDEX users_trigrams;
CREATE INDEX users_trigrams ON users USING gin (user_trigrams(username_key, email_key));
DROP INDEX users_search_key;
ALTER TABLE users DROP COLUMN search_key;
