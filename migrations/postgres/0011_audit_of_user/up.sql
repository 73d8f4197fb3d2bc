-- The page of a user shows their last logins, and their last changes, however many tokens were refreshed
-- meanwhile.
CREATE INDEX audit_logins ON audit (subject_id, at, id) WHERE action IN (
    'logged-in', 'login-failed', 'signed-in', 'admin-refused'
);
CREATE INDEX audit_changes ON audit (subject_id, at, id) WHERE action NOT IN (
    'logged-in', 'login-failed', 'signed-in', 'admin-refused', 'refreshed'
);
