-- The page of a user displays the last logins and the last changes, among any number of refreshed tokens.
CREATE INDEX audit_logins ON audit (subject_id, at, id) WHERE action IN (
    'logged-in', 'login-failed', 'signed-in', 'admin-refused'
);
CREATE INDEX audit_changes ON audit (subject_id, at, id) WHERE action NOT IN (
    'logged-in', 'login-failed', 'signed-in', 'admin-refused', 'refreshed'
);
