-- The twin of migrations/sqlite/0023_stored_settings, which has the comments.
CREATE TABLE stored_settings (
    name    TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    value   TEXT COLLATE "C",
    version BIGINT NOT NULL
);

CREATE TABLE dismissed_steps (
    step TEXT COLLATE "C" PRIMARY KEY NOT NULL
);

CREATE INDEX audit_changes_at ON audit (at, id) WHERE action NOT IN (
    'logged-in', 'logged-out', 'logged-out-everywhere', 'session-ended', 'signed-in', 'signed-out', 'refreshed', 'blacklisted', 'password-proven', 'login-failed', 'breached-password', 'admin-refused', 'refresh-reused', 'old-password-wrong', 'leaving-failed'
);
