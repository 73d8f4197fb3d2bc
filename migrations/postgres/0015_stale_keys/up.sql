-- The twin of migrations/sqlite/0015_stale_keys, which has the comments.
CREATE TABLE stale_keys (
    source TEXT COLLATE "C" NOT NULL,
    item   TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (source, item)
);

INSERT INTO stale_keys (source, item)
SELECT 'users', id::text FROM users
WHERE username COLLATE "C" ~ '[^ -~]' OR email COLLATE "C" ~ '[^ -~]'
   OR lower(username) LIKE '%xn--%' OR lower(email) LIKE '%xn--%';

INSERT INTO stale_keys (source, item)
SELECT DISTINCT 'mails', recipient FROM mails
WHERE recipient COLLATE "C" ~ '[^ -~]' OR lower(recipient) LIKE '%xn--%';

INSERT INTO stale_keys (source, item)
SELECT DISTINCT 'one_time_keys', email FROM one_time_keys
WHERE email COLLATE "C" ~ '[^ -~]' OR lower(email) LIKE '%xn--%';

CREATE TABLE served_origin (
    origin     TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    started_at BIGINT NOT NULL
);
