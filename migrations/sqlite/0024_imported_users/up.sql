-- Users that came from another login server, as they were there: without an address, with an id that is no number,
-- with further attributes, and in groups.

-- The id that clients know, where it is not the number in `id`.
ALTER TABLE users ADD COLUMN public_id TEXT;
CREATE UNIQUE INDEX users_public_id ON users (public_id) WHERE public_id IS NOT NULL;

-- A JSON object; NULL for none.
ALTER TABLE users ADD COLUMN attributes TEXT;

-- Any number of users have no address. One index for look-ups, for the order by address, and for uniqueness: a
-- look-up cannot use a partial index.
DROP INDEX users_email_key;
CREATE UNIQUE INDEX users_email_key ON users (email_key, (CASE WHEN email_key = '' THEN id ELSE 0 END));

CREATE TABLE groups (
    -- AUTOINCREMENT: an id on an open page never means a later group.
    id       INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    name     TEXT NOT NULL,
    -- Folded as users.username_key is. Groups that were imported may differ by letter case alone.
    name_key TEXT NOT NULL
);
CREATE UNIQUE INDEX groups_name ON groups (name);
CREATE INDEX groups_name_key ON groups (name_key);

CREATE TABLE user_groups (
    user_id  BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    group_id BIGINT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, group_id)
);
CREATE INDEX user_groups_group_id ON user_groups (group_id, user_id);
