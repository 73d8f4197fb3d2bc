//! The overview: statistics, charts of logins, warnings, the set-up list.
pub(crate) mod chart;
pub(crate) mod home;
pub(crate) mod statistics;
pub(crate) mod steps;
pub(crate) mod warnings;
