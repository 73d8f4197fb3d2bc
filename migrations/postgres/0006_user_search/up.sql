-- The twin of migrations/sqlite/0006_user_search, which has the comments.
--
-- Not the extension pg_trgm, which a hosted server may refuse.
CREATE FUNCTION user_trigrams(username_key TEXT, email_key TEXT) RETURNS TEXT[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT substr(part, at, 3) COLLATE "C"), '{}')
    FROM (VALUES (username_key), (email_key)) AS parts (part), generate_series(1, length(part) - 2) AS at
$$;
CREATE INDEX users_trigrams ON users USING gin (user_trigrams(username_key, email_key));

CREATE INDEX users_created_at ON users (created_at, id);
CREATE INDEX users_last_login_at ON users (coalesce(last_login_at, 0), id);
CREATE INDEX users_admins ON users (id) WHERE is_admin;
CREATE INDEX users_inactive ON users (id) WHERE NOT is_active;
CREATE INDEX users_confirmed ON users (is_email_confirmed, id);
