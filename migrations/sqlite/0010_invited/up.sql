-- A row about an invitation has no user, but an address in its detail. It is found by it, and the address is
-- removed with an account of this address.
CREATE INDEX audit_invited ON audit (detail, at, id) WHERE action IN ('invited', 'invite-withdrawn');
