ALTER TABLE throttles DROP COLUMN written_at;
ALTER TABLE mails DROP COLUMN refused_at;
