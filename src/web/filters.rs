//! The filters of a list as parameters of its URL: choices, days, and the position of a page. A list is not
//! displayed while a filter is invalid: ignoring the filter would display more than was asked for, and a bulk
//! action on all matching users would affect too many.

use time::Date;
use time::macros::format_description;
use url::form_urlencoded::Serializer;

use crate::texts::Lang;
use crate::types::Timestamp;
use crate::web::PageError;

/// The invalid filters of a list, by field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FilterErrors(Vec<(&'static str, FilterError)>);

/// Why a filter is invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FilterError {
    /// None of the choices.
    UnknownChoice,
    /// Not a day of the calendar.
    InvalidDay,
    /// The filter needs a day.
    DayMissing,
    /// A day without the filter that it belongs to.
    DayAlone,
    /// The last day is before the first.
    DaysReversed,
    /// Not an email.
    InvalidEmail,
}

impl FilterErrors {
    pub(crate) fn add(&mut self, field: &'static str, error: FilterError) {
        self.0.push((field, error));
    }

    /// `value`, if no filter is invalid.
    pub(crate) fn none_or<T>(self, value: T) -> Result<T, Self> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The error of a field, as text.
    pub(crate) fn text(&self, t: &Lang, field: &str) -> Option<&'static str> {
        let (_, error) = self.0.iter().find(|(name, _)| *name == field)?;
        Some(match error {
            FilterError::UnknownChoice => t.filter_no_choice(),
            FilterError::InvalidDay => t.filter_no_day(),
            FilterError::DayMissing => t.filter_day_missing(),
            FilterError::DayAlone => t.filter_day_alone(),
            FilterError::DaysReversed => t.filter_days_reversed(),
            FilterError::InvalidEmail => t.mail_bad_address(),
        })
    }

    /// Reads one of some words; `None` for an empty field, too.
    pub(crate) fn choice<T: Copy>(
        &mut self,
        field: &'static str,
        text: &str,
        choices: &[(&str, T)],
    ) -> Option<T> {
        let choice = choices.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning);
        if choice.is_none() && !text.is_empty() {
            self.add(field, FilterError::UnknownChoice);
        }
        choice
    }

    /// Reads a day, such as with [`day`]; `None` for an empty field, too.
    pub(crate) fn day(
        &mut self,
        field: &'static str,
        text: &str,
        read: impl Fn(&str) -> Option<Timestamp>,
    ) -> Option<Timestamp> {
        let moment = read(text);
        if moment.is_none() && !text.is_empty() {
            self.add(field, FilterError::InvalidDay);
        }
        moment
    }
}

impl From<FilterErrors> for PageError {
    fn from(_: FilterErrors) -> Self {
        Self::BadFilter
    }
}

/// The URL of a page with parameters.
pub(crate) fn with_query(page: &str, fields: &[(&'static str, String)]) -> String {
    if fields.is_empty() {
        return page.to_owned();
    }
    format!("{page}?{}", Serializer::new(String::new()).extend_pairs(fields).finish())
}

/// The fields that are not empty.
pub(crate) fn filled(all: &[(&'static str, &String)]) -> Vec<(&'static str, String)> {
    let filled = all.iter().filter(|(_, text)| !text.is_empty());
    filled.map(|(name, text)| (*name, (*text).clone())).collect()
}

/// The beginning of a day (`YYYY-MM-DD`) in UTC.
pub(crate) fn day(text: &str) -> Option<Timestamp> {
    date(text).map(beginning)
}

fn date(text: &str) -> Option<Date> {
    Date::parse(text, format_description!("[year]-[month]-[day]")).ok()
}

fn beginning(day: Date) -> Timestamp {
    Timestamp::from_seconds(day.midnight().assume_utc().unix_timestamp())
}

/// Reads the position of a row in a list by time: microseconds and id, `MICROS.ID`.
pub(crate) fn position(text: &str) -> Option<(i64, i64)> {
    let (micros, id) = text.split_once('.')?;
    Some((micros.parse().ok()?, id.parse().ok()?))
}
