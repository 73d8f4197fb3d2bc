//! Moments and durations in words.

use std::time::Duration;

use time::{Month, OffsetDateTime};

use crate::texts::Lang;
use crate::types::{LocalTime, Timestamp};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

texts! {
    just_now() = "just now" | "gerade eben";
    seconds_ago[n] = "1 second ago", "{n} seconds ago" | "vor 1 Sekunde", "vor {n} Sekunden";
    minutes_ago[n] = "1 minute ago", "{n} minutes ago" | "vor 1 Minute", "vor {n} Minuten";
    hours_ago[n] = "1 hour ago", "{n} hours ago" | "vor 1 Stunde", "vor {n} Stunden";
    days_ago[n] = "1 day ago", "{n} days ago" | "vor 1 Tag", "vor {n} Tagen";
    seconds[n] = "1 second", "{n} seconds" | "1 Sekunde", "{n} Sekunden";
    minutes[n] = "1 minute", "{n} minutes" | "1 Minute", "{n} Minuten";
    hours[n] = "1 hour", "{n} hours" | "1 Stunde", "{n} Stunden";
    days[n] = "1 day", "{n} days" | "1 Tag", "{n} Tage";
    in_days[n] = "in 1 day", "in {n} days" | "in 1 Tag", "in {n} Tagen";
    in_hours[n] = "in 1 hour", "in {n} hours" | "in 1 Stunde", "in {n} Stunden";
    in_minutes[n] = "in 1 minute", "in {n} minutes" | "in 1 Minute", "in {n} Minuten";
    never() = "never" | "nie";
    day_in_words(day, month) = "{day} {month}" | "{day}. {month}";
    moment_in_words(day, month, year, clock) = "{day} {month} {year}, {clock}" | "{day}. {month} {year}, {clock}";
    date_in_words(day, month, year) = "{day} {month} {year}" | "{day}. {month} {year}";
}

impl Lang {
    /// A date with its hour and minute: "22 Nov 2026, 14:03".
    #[must_use]
    pub fn moment(self, local: &LocalTime) -> String {
        const GERMAN: [&str; 12] =
            ["Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."];
        const ENGLISH: [&str; 12] =
            ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let names = match self {
            Self::English => ENGLISH,
            Self::German => GERMAN,
        };
        let month = names.get(usize::from(local.month).saturating_sub(1)).copied().unwrap_or("");
        let (hour, minute, _) = local.clock;
        self.moment_in_words(local.day, month, local.year, format!("{hour:02}:{minute:02}"))
    }

    /// How long ago `then` was; the date, once that is more than a week.
    #[must_use]
    pub fn ago(self, then: Timestamp, now: Timestamp) -> String {
        let seconds = now.since(then).as_secs();
        match seconds {
            0..MINUTE => self.just_now().to_owned(),
            MINUTE..HOUR => self.minutes_ago(seconds / MINUTE),
            HOUR..DAY => self.hours_ago(seconds / HOUR),
            _ if seconds < 7 * DAY => self.days_ago(seconds / DAY),
            _ => self.date(then),
        }
    }

    /// As [`Lang::ago`], but within the last minute to the second.
    #[must_use]
    pub fn ago_in_seconds(self, then: Timestamp, now: Timestamp) -> String {
        match now.since(then).as_secs() {
            seconds @ 1..MINUTE => self.seconds_ago(seconds),
            _ => self.ago(then, now),
        }
    }

    /// How soon `then` will be, in its largest unit.
    #[must_use]
    pub fn from_now(self, then: Timestamp, now: Timestamp) -> String {
        let seconds = then.since(now).as_secs();
        match seconds {
            0..MINUTE => self.just_now().to_owned(),
            MINUTE..HOUR => self.in_minutes((seconds + MINUTE / 2) / MINUTE),
            HOUR..DAY => self.in_hours((seconds + HOUR / 2) / HOUR),
            _ => self.in_days((seconds + DAY / 2) / DAY),
        }
    }

    /// A duration to wait, rounded up to one unit.
    #[must_use]
    pub fn span(self, span: Duration) -> String {
        let seconds = span.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX);
        match seconds {
            0..=90 => self.seconds(seconds),
            91..=5_400 => self.minutes(seconds.div_ceil(MINUTE)),
            5_401..=129_600 => self.hours(seconds.div_ceil(HOUR)),
            _ => self.days(seconds.div_ceil(DAY)),
        }
    }

    /// The day in UTC, without its year.
    #[must_use]
    pub fn day(self, moment: Timestamp) -> String {
        let Ok(date) = OffsetDateTime::from_unix_timestamp(moment.seconds()) else {
            return moment.to_rfc3339();
        };
        self.day_in_words(date.day(), self.month(date.month()))
    }

    /// The date in UTC.
    #[must_use]
    pub fn date(self, moment: Timestamp) -> String {
        let Ok(date) = OffsetDateTime::from_unix_timestamp(moment.seconds()) else {
            return moment.to_rfc3339();
        };
        self.date_in_words(date.day(), self.month(date.month()), date.year())
    }

    fn month(self, month: Month) -> &'static str {
        const GERMAN: [&str; 12] = [
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ];
        const ENGLISH: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        let names = match self {
            Self::English => ENGLISH,
            Self::German => GERMAN,
        };
        names.get(usize::from(u8::from(month)) - 1).copied().unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_people_say_it() {
        let now = Timestamp::from_seconds(1_700_000_000);
        let ago = |seconds: i64| Timestamp::from_seconds(1_700_000_000 - seconds);
        let english = |seconds| Lang::English.ago(ago(seconds), now);
        assert_eq!([english(0), english(59), english(60)], ["just now", "just now", "1 minute ago"]);
        assert_eq!([english(7_300), english(90_000)], ["2 hours ago", "1 day ago"]);
        assert_eq!(english(7 * 86_400), "7 November 2023");
        assert_eq!(english(-5), "just now");
        let precise = |seconds| Lang::English.ago_in_seconds(ago(seconds), now);
        assert_eq!([precise(0), precise(59), precise(60)], ["just now", "59 seconds ago", "1 minute ago"]);
        assert_eq!([Lang::English.day(now), Lang::German.day(now)], ["14 November", "14. November"]);
        assert_eq!(Lang::German.ago(ago(200), now), "vor 3 Minuten");
        assert_eq!(Lang::German.ago(ago(8 * 86_400), now), "6. November 2023");
        assert_eq!(Lang::English.from_now(now, ago(3_700)), "in 1 hour");
        assert_eq!(Lang::German.from_now(now, ago(3 * 86_400)), "in 3 Tagen");
    }

    #[test]
    fn a_wait_is_rounded_up() {
        assert_eq!(Lang::English.span(Duration::from_millis(100)), "1 second");
        assert_eq!(Lang::English.span(Duration::from_secs(91)), "2 minutes");
        assert_eq!(Lang::German.span(Duration::from_secs(2 * 86_400)), "2 Tage");
    }
}
