-- The twin of migrations/sqlite/0010_invited, which has the words.

CREATE INDEX audit_invited ON audit (detail, at, id) WHERE action IN ('invited', 'invite-withdrawn');
