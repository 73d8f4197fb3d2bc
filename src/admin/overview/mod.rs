//! The overview: figures, a chart of logins, warnings.
pub mod chart;
pub mod home;
pub mod statistics;
pub mod warnings;
