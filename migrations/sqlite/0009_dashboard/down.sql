DROP INDEX mails_leased;
DROP INDEX mails_recipient_key;
ALTER TABLE mails DROP COLUMN recipient_key;
DROP TABLE login_tallies;
