//! What the addresses of lists have in common: fields in a query, days, places between two rows, and
//! filters that cannot be meant. A filter that is passed over would show more than was asked for, and
//! what is done to everybody who matches would hit them; so there is no list before it is corrected.

use time::macros::format_description;
use time::{Date, Duration};
use url::form_urlencoded::Serializer;

use crate::texts::Lang;
use crate::types::Timestamp;
use crate::web::PageError;

/// What is wrong with the filters of a list, by field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FilterErrors(Vec<(&'static str, FilterError)>);

/// Why a filter cannot be meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FilterError {
    /// It is none of the words that there are.
    NoChoice,
    /// There is no such day.
    NoDay,
    /// A day is missing.
    DayMissing,
    /// A day is there, and nothing for which it counts.
    DayAlone,
    /// It is no address of a mail.
    NoEmail,
}

impl FilterErrors {
    /// Notes a fault of a field.
    pub(crate) fn add(&mut self, field: &'static str, fault: FilterError) {
        self.0.push((field, fault));
    }

    /// `value`, if nothing is wrong.
    ///
    /// # Errors
    /// This, if something is.
    pub(crate) fn or<T>(self, value: T) -> Result<T, Self> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }

    /// Whether anything is wrong.
    pub(crate) const fn is_any(&self) -> bool {
        !self.0.is_empty()
    }

    /// What is wrong with a field, in words.
    pub(crate) fn of(&self, t: &Lang, field: &str) -> Option<&'static str> {
        let (_, fault) = self.0.iter().find(|(name, _)| *name == field)?;
        Some(match fault {
            FilterError::NoChoice => t.filter_no_choice(),
            FilterError::NoDay => t.filter_no_day(),
            FilterError::DayMissing => t.filter_day_missing(),
            FilterError::DayAlone => t.filter_day_alone(),
            FilterError::NoEmail => t.mail_bad_address(),
        })
    }

    /// One of some words; none for nothing.
    pub(crate) fn choice<T: Copy>(
        &mut self,
        field: &'static str,
        text: &str,
        words: &[(&str, T)],
    ) -> Option<T> {
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning);
        if found.is_none() && !text.is_empty() {
            self.add(field, FilterError::NoChoice);
        }
        found
    }

    /// A day, read by [`day`] or [`day_after`]; none for nothing.
    pub(crate) fn day(
        &mut self,
        field: &'static str,
        text: &str,
        read: impl Fn(&str) -> Option<Timestamp>,
    ) -> Option<Timestamp> {
        let found = read(text);
        if found.is_none() && !text.is_empty() {
            self.add(field, FilterError::NoDay);
        }
        found
    }
}

impl From<FilterErrors> for PageError {
    fn from(_: FilterErrors) -> Self {
        Self::BadFilter
    }
}

/// A page with fields; without any, the bare page.
pub(crate) fn with_fields(page: &str, fields: &[(&'static str, String)]) -> String {
    if fields.is_empty() {
        return page.to_owned();
    }
    format!("{page}?{}", Serializer::new(String::new()).extend_pairs(fields).finish())
}

/// The fields that say something.
pub(crate) fn said(all: &[(&'static str, &String)]) -> Vec<(&'static str, String)> {
    let said = all.iter().filter(|(_, text)| !text.is_empty());
    said.map(|(name, text)| (*name, (*text).clone())).collect()
}

/// The beginning of a day in UTC.
pub(crate) fn day(text: &str) -> Option<Timestamp> {
    date(text).map(beginning)
}

/// The beginning of the day after it.
pub(crate) fn day_after(text: &str) -> Option<Timestamp> {
    date(text)?.checked_add(Duration::DAY).map(beginning)
}

fn date(text: &str) -> Option<Date> {
    Date::parse(text, format_description!("[year]-[month]-[day]")).ok()
}

fn beginning(day: Date) -> Timestamp {
    Timestamp::from_seconds(day.midnight().assume_utc().unix_timestamp())
}

/// A moment in microseconds and an id, which together name a place.
pub(crate) fn pair(text: &str) -> Option<(i64, i64)> {
    let (moment, id) = text.split_once('.')?;
    Some((moment.parse().ok()?, id.parse().ok()?))
}
