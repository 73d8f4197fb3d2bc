//! Background jobs: sweeping old rows, sealing the audit log, counting logins by the hour.
pub(super) mod correct_moments;
pub(super) mod housekeeping;
pub(super) mod login_tallies;
pub(super) mod seal_audit;
