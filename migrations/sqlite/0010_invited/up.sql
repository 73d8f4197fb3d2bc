-- An invitation concerns no account, but an address, which stands in the row's detail: to be found by
-- it, and taken out of it when an account of this address goes.
CREATE INDEX audit_invited ON audit (detail, at, id) WHERE action IN ('invited', 'invite-withdrawn');
