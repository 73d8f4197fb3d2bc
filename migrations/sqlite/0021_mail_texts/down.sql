ALTER TABLE bulk_actions DROP COLUMN sends_notice;
DROP TABLE mail_texts;
ALTER TABLE mail_requests DROP COLUMN language;
ALTER TABLE users DROP COLUMN client_language;
ALTER TABLE users DROP COLUMN chosen_language;
