-- The names and addresses whose key may differ by the folding of this version (decision 0066). The program
-- folds, so it computes the keys, at the next start, and removes the row; a row that stays is a user whose key
-- another user has.
CREATE TABLE stale_keys (
    -- 'users', 'mails' or 'one_time_keys'.
    source TEXT NOT NULL,
    -- The id of the user, or the address.
    item   TEXT NOT NULL,
    PRIMARY KEY (source, item)
);

INSERT INTO stale_keys (source, item)
SELECT 'users', CAST(id AS TEXT) FROM users
WHERE username GLOB '*[^ -~]*' OR email GLOB '*[^ -~]*'
   OR lower(username) LIKE '%xn--%' OR lower(email) LIKE '%xn--%';

INSERT INTO stale_keys (source, item)
SELECT DISTINCT 'mails', recipient FROM mails
WHERE recipient GLOB '*[^ -~]*' OR lower(recipient) LIKE '%xn--%';

INSERT INTO stale_keys (source, item)
SELECT DISTINCT 'one_time_keys', email FROM one_time_keys
WHERE email GLOB '*[^ -~]*' OR lower(email) LIKE '%xn--%';

-- The origin of the server that started last, for links that the command line prints.
CREATE TABLE served_origin (
    origin     TEXT PRIMARY KEY NOT NULL,
    started_at INTEGER NOT NULL
);
