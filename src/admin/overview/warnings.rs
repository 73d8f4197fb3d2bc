//! What an administrator should look at, in words and with what to do: on the overview, and what is
//! about the settings beside those, too.

use std::time::Duration;

use crate::admin::mail::query::{DEAD, WAITING};
use crate::app::App;
use crate::config;
use crate::mail::DeliveryError;
use crate::passwords::Status;
use crate::store::queries::statistics::Statistics;
use crate::store::tables::mails::Mail;
use crate::texts::Lang;
use crate::types::{SigningKey, Timestamp};

/// How long a mail may wait that nothing tried to send before that is worth a word.
const LATE: Duration = Duration::from_secs(15 * 60);

/// How long one may wait that could not be sent.
const FAILING: Duration = Duration::from_secs(2 * 60);

/// How old the last backup may be.
const OLD: Duration = Duration::from_secs(7 * 24 * 3600);

/// How little room is little, in bytes.
const LITTLE: u64 = 500_000_000;

/// A warning.
pub(crate) struct OverviewWarning {
    /// What is the matter.
    pub text: String,
    /// What to do about it.
    pub advice: String,
    /// Where to go for that: path and label.
    pub link: Option<(&'static str, &'static str)>,
}

/// What is known of the outbox.
pub(crate) struct Outbox {
    /// How many mails wait, and how many were given up; as far as they are counted.
    pub waiting: u64,
    pub dead: u64,
    /// The one that has waited for longest.
    pub oldest: Option<Mail>,
}

/// What the overview knows.
pub(crate) struct Known<'a> {
    pub figures: &'a Statistics,
    /// How many administrators can log in.
    pub administrators: usize,
    pub outbox: &'a Outbox,
    pub engine: &'a Status,
    /// When the last backup was made that was noted.
    pub last_backup: Option<Timestamp>,
}

/// Everything there is to say at this moment, the most urgent first.
pub(crate) fn all(app: &App, t: Lang, known: &Known<'_>, now: Timestamp) -> Vec<OverviewWarning> {
    let Known { figures, administrators, outbox, engine, last_backup } = *known;
    let urgent =
        [disk(t, figures), queue(t, engine), mails_that_wait(app, t, outbox, now), dead_mails(t, outbox)];
    let mut warnings: Vec<OverviewWarning> = urgent.into_iter().flatten().collect();
    warnings.extend(of_settings(app, t));
    warnings.extend(old_backup(t, last_backup, now));
    warnings.extend(one_administrator(t, administrators));
    warnings
}

/// What is doubtful about the settings.
pub(crate) fn of_settings(app: &App, t: Lang) -> Vec<OverviewWarning> {
    let words = |warning| match warning {
        config::ConfigWarning::ShortKey => {
            (t.warn_short_key().to_owned(), t.advise_short_key(SigningKey::ADVISED_BYTES))
        }
        config::ConfigWarning::LinksNowhere(origin) => {
            (t.warn_links_nowhere(origin), t.advise_links_nowhere().to_owned())
        }
        config::ConfigWarning::PlainHttp(origin) => {
            (t.warn_plain_http(origin), t.advise_plain_http().to_owned())
        }
        config::ConfigWarning::BareCredentials => {
            (t.warn_bare_credentials().to_owned(), t.advise_bare_credentials().to_owned())
        }
        config::ConfigWarning::FormerName { former, name, .. } => {
            (t.warn_former_name(former, name), t.advise_former_name(name))
        }
    };
    let warnings = app.config.warnings().into_iter().map(words);
    warnings.map(|(text, advice)| OverviewWarning { text, advice, link: None }).collect()
}

fn disk(t: Lang, figures: &Statistics) -> Option<OverviewWarning> {
    let free = figures.free_bytes.filter(|free| *free < LITTLE)?;
    Some(OverviewWarning { text: t.warn_disk(t.bytes(free)), advice: t.advise_disk().to_owned(), link: None })
}

/// A queue that is half full, or in which one waits for half of what is allowed, is no hiccup.
fn queue(t: Lang, engine: &Status) -> Option<OverviewWarning> {
    let is_saturated =
        engine.waiting.saturating_mul(2) >= engine.places || engine.wait * 2 >= engine.max_wait;
    let warning =
        OverviewWarning { text: t.warn_queue().to_owned(), advice: t.advise_queue().to_owned(), link: None };
    is_saturated.then_some(warning)
}

fn mails_that_wait(app: &App, t: Lang, outbox: &Outbox, now: Timestamp) -> Option<OverviewWarning> {
    let oldest = outbox.oldest.as_ref()?;
    let link = Some((WAITING, t.see_mails()));
    if app.config.mail.smtp.is_none() {
        let text = t.warn_no_server(outbox.waiting);
        return Some(OverviewWarning { text, advice: t.advise_no_server().to_owned(), link });
    }
    let waited = now.since(oldest.content.written_at);
    let advice = match &oldest.last_error {
        Some(line) => t.advise_late(DeliveryError::of_stored(line).explain(t)),
        None => t.advise_late_unknown().to_owned(),
    };
    let patience = if oldest.last_error.is_some() { FAILING } else { LATE };
    (waited >= patience).then(|| OverviewWarning { text: t.warn_late(t.span(waited)), advice, link })
}

fn dead_mails(t: Lang, outbox: &Outbox) -> Option<OverviewWarning> {
    let link = Some((DEAD, t.see_mails()));
    let text = t.warn_dead(outbox.dead);
    (outbox.dead > 0).then(|| OverviewWarning { text, advice: t.advise_dead().to_owned(), link })
}

/// Whoever never had one noted makes backups in another way, or was told on the page.
fn old_backup(t: Lang, last: Option<Timestamp>, now: Timestamp) -> Option<OverviewWarning> {
    let last = last.filter(|last| now.since(*last) >= OLD)?;
    let text = t.warn_backup(t.ago(last, now));
    Some(OverviewWarning { text, advice: t.advise_backup().to_owned(), link: None })
}

fn one_administrator(t: Lang, administrators: usize) -> Option<OverviewWarning> {
    let link = Some(("/admin/users/?active=yes&admin=no", t.see_users()));
    let (text, advice) = (t.warn_one_admin().to_owned(), t.advise_one_admin().to_owned());
    (administrators < 2).then_some(OverviewWarning { text, advice, link })
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDLE: Status = Status {
        threads: 2,
        waiting: 0,
        places: 100,
        wait: Duration::ZERO,
        max_wait: Duration::from_secs(5),
        took: None,
        each: Duration::from_millis(10),
    };

    #[test]
    fn a_queue_that_is_half_full_or_half_as_slow_as_allowed_is_saturated() {
        let is_warned_of = |status: Status| queue(Lang::English, &status).is_some();
        assert!(!is_warned_of(IDLE));
        assert!(!is_warned_of(Status { waiting: 49, wait: Duration::from_millis(2400), ..IDLE }));
        assert!(is_warned_of(Status { waiting: 50, ..IDLE }));
        assert!(is_warned_of(Status { wait: Duration::from_millis(2500), ..IDLE }));
    }

    #[test]
    fn a_disk_that_is_nearly_full_is_warned_of_and_a_server_s_is_not_known() {
        let figures = |free_bytes| Statistics {
            at: Timestamp::from_seconds(0),
            users: 0,
            confirmed: 0,
            active: 0,
            new: 0,
            logins: Vec::new(),
            is_behind: false,
            bytes: 0,
            free_bytes,
        };
        let warned = |free_bytes| disk(Lang::English, &figures(free_bytes)).map(|warning| warning.text);
        assert_eq!(warned(Some(LITTLE)), None);
        assert_eq!(warned(None), None);
        let little = warned(Some(12_000_000)).unwrap();
        assert_eq!(little, "Only 12.0 MB of disk space is left for the database.");
    }
}
