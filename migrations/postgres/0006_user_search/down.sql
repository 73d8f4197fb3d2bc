DROP INDEX users_confirmed;
DROP INDEX users_inactive;
DROP INDEX users_admins;
DROP INDEX users_last_login_at;
DROP INDEX users_created_at;
DROP INDEX users_trigrams;
DROP FUNCTION user_trigrams(TEXT, TEXT);
