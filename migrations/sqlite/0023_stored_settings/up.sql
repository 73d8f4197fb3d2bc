-- The settings that administrators changed. A setting that was set back stays, without a value, so that the
-- highest version never falls: each process compares it with the version that it has read.
CREATE TABLE stored_settings (
    name    TEXT   PRIMARY KEY NOT NULL,
    value   TEXT,
    version BIGINT NOT NULL
);

-- The steps of the set-up list on the overview that an administrator has dismissed.
CREATE TABLE dismissed_steps (
    step TEXT PRIMARY KEY NOT NULL
);

-- The audit log without sign-ins and failures, which are most of it.
CREATE INDEX audit_changes_at ON audit (at, id) WHERE action NOT IN (
    'logged-in', 'logged-out', 'logged-out-everywhere', 'session-ended', 'signed-in', 'signed-out', 'refreshed', 'blacklisted', 'password-proven', 'login-failed', 'breached-password', 'admin-refused', 'refresh-reused', 'old-password-wrong', 'leaving-failed'
);
