//! The time zone of pages.

use super::parse::Parsed;
use crate::types::TimeZone;

/// Parses an IANA name.
pub(in crate::config) fn time_zone(text: &str) -> Parsed<TimeZone> {
    TimeZone::parse(text).ok_or_else(|| "expected an IANA time zone such as Europe/Berlin, or UTC".to_owned())
}
