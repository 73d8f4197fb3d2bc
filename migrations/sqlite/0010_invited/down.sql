DROP INDEX audit_invited;
