//! Moments, and the clocks on which people read them.
mod timestamp;
mod zone;

pub use timestamp::Timestamp;
pub(crate) use zone::{LocalTime, TimeZone};
