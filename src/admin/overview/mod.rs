//! The overview: statistics, charts of logins, warnings.
pub(crate) mod chart;
pub(crate) mod home;
pub(crate) mod statistics;
pub(crate) mod warnings;
