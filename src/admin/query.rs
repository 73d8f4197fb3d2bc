//! What the addresses of lists have in common: fields in a query, days, and places between two rows.

use time::macros::format_description;
use time::{Date, Duration};
use url::form_urlencoded::Serializer;

use crate::types::Timestamp;

/// A page with fields; without any, the bare page.
pub fn with_fields(page: &str, fields: &[(&'static str, String)]) -> String {
    if fields.is_empty() {
        return page.to_owned();
    }
    format!("{page}?{}", Serializer::new(String::new()).extend_pairs(fields).finish())
}

/// The fields that say something.
pub fn said(all: &[(&'static str, &String)]) -> Vec<(&'static str, String)> {
    let said = all.iter().filter(|(_, text)| !text.is_empty());
    said.map(|(name, text)| (*name, (*text).clone())).collect()
}

/// The beginning of a day in UTC.
pub fn day(text: &str) -> Option<Timestamp> {
    date(text).map(beginning)
}

/// The beginning of the day after it.
pub fn day_after(text: &str) -> Option<Timestamp> {
    date(text)?.checked_add(Duration::DAY).map(beginning)
}

fn date(text: &str) -> Option<Date> {
    Date::parse(text, format_description!("[year]-[month]-[day]")).ok()
}

fn beginning(day: Date) -> Timestamp {
    Timestamp::from_seconds(day.midnight().assume_utc().unix_timestamp())
}

/// A moment in microseconds and an id, which together name a place.
pub fn pair(text: &str) -> Option<(i64, i64)> {
    let (moment, id) = text.split_once('.')?;
    Some((moment.parse().ok()?, id.parse().ok()?))
}
