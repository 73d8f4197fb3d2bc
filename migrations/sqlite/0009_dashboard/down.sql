DROP INDEX mails_leased;
DROP INDEX mails_recipient_key;
ALTER TABLE mails DROP COLUMN recipient_key;
DROP INDEX audit_logins_failed;
DROP INDEX audit_logins_worked;
DROP TABLE login_tallies;
