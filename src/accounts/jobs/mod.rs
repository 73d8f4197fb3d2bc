//! Background jobs: sweeping old rows, sealing and trimming the audit log, counting logins by the hour, noticing
//! attacks.
mod clock_trust;
pub(super) mod correct_moments;
pub(super) mod housekeeping;
pub(super) mod login_tallies;
pub(super) mod seal_audit;
pub(super) mod sweep_unconfirmed;
pub(super) mod trim_audit;
pub(super) mod watch_limits;
