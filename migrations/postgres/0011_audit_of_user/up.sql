-- The twin of migrations/sqlite/0011_audit_of_user, which has the comments.
CREATE INDEX audit_logins ON audit (subject_id, at, id) WHERE action IN (
    'logged-in', 'login-failed', 'signed-in', 'admin-refused'
);
CREATE INDEX audit_changes ON audit (subject_id, at, id) WHERE action NOT IN (
    'logged-in', 'login-failed', 'signed-in', 'admin-refused', 'refreshed'
);
