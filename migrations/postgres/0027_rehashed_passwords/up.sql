-- The audit log without sign-ins and failures has no entries about hashes that a login replaced either.
DROP INDEX audit_changes_at;
CREATE INDEX audit_changes_at ON audit (at, id) WHERE action NOT IN (
    'logged-in', 'logged-out', 'logged-out-everywhere', 'session-ended', 'signed-in', 'signed-out', 'refreshed', 'blacklisted', 'password-proven', 'password-rehashed', 'login-failed', 'breached-password', 'admin-refused', 'refresh-reused', 'old-password-wrong', 'leaving-failed'
);
