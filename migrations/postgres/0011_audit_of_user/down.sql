DROP INDEX audit_changes;
DROP INDEX audit_logins;
