//! The warnings on the overview, each with advice. Those about settings are on the page of the settings, too.

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

/// How long a mail may wait without an attempt before the overview warns.
const MAX_WAIT: Duration = Duration::from_secs(15 * 60);

/// How long a mail may wait whose last attempt failed before the overview warns.
const MAX_WAIT_FAILED: Duration = Duration::from_secs(2 * 60);

/// How old the last backup may be.
const MAX_BACKUP_AGE: Duration = Duration::from_secs(7 * 24 * 3600);

/// How much free space the disk of the database should have, in bytes.
const MIN_FREE_BYTES: u64 = 500_000_000;

/// A warning.
pub(crate) struct OverviewWarning {
    /// The problem.
    pub text: String,
    /// What to do.
    pub advice: String,
    /// The page that helps: path and label.
    pub link: Option<(&'static str, &'static str)>,
}

/// The state of the outbox.
pub(crate) struct Outbox {
    /// How many mails wait, and how many were given up; counted up to a limit.
    pub waiting: u64,
    pub dead: u64,
    /// The mail that has waited longest.
    pub oldest: Option<Mail>,
    /// The last error of a waiting mail.
    pub last_error: Option<String>,
}

/// The state that the overview warns about.
pub(crate) struct State<'a> {
    pub statistics: &'a Statistics,
    pub outbox: &'a Outbox,
    pub engine: &'a Status,
    /// When the last recorded backup was made.
    pub last_backup: Option<Timestamp>,
    /// How far the newest entry of the audit log lies in the future.
    pub clock_was_ahead: Option<Duration>,
}

/// All warnings, the most urgent first.
pub(crate) fn all(app: &App, t: Lang, state: &State<'_>, now: Timestamp) -> Vec<OverviewWarning> {
    let State { statistics, outbox, engine, last_backup, clock_was_ahead } = *state;
    let urgent =
        [disk(t, statistics), queue(t, engine), waiting_mails(app, t, outbox, now), dead_mails(t, outbox)];
    let mut warnings: Vec<OverviewWarning> = urgent.into_iter().flatten().collect();
    warnings.extend(clock_was_ahead.map(|ahead| clock(t, ahead)));
    warnings.extend(about_settings(app, t));
    warnings.extend(old_backup(t, last_backup, now));
    warnings
}

/// The warnings about settings.
pub(crate) fn about_settings(app: &App, t: Lang) -> Vec<OverviewWarning> {
    let text_and_advice = |warning| match warning {
        config::ConfigWarning::ShortKey => {
            (t.warn_short_key().to_owned(), t.advise_short_key(SigningKey::ADVISED_BYTES))
        }
        config::ConfigWarning::ClearKeys => {
            (t.warn_clear_keys().to_owned(), t.advise_clear_keys().to_owned())
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
        config::ConfigWarning::UnverifiedDatabase => {
            (t.warn_unverified_database().to_owned(), t.advise_unverified_database().to_owned())
        }
        config::ConfigWarning::ExposedFile(path) => {
            (t.warn_exposed_file(path.display()), t.advise_exposed_file(path.display()))
        }
        config::ConfigWarning::PlainOrigin(origin) => {
            (t.warn_plain_origin(origin), t.advise_plain_origin().to_owned())
        }
        config::ConfigWarning::FormerName { former, name, .. } => {
            (t.warn_former_name(former, name), t.advise_former_name(name))
        }
    };
    let warnings = app.current().warnings().into_iter().map(text_and_advice);
    warnings.map(|(text, advice)| OverviewWarning { text, advice, link: None }).collect()
}

fn disk(t: Lang, statistics: &Statistics) -> Option<OverviewWarning> {
    let free = statistics.free_bytes.filter(|free| *free < MIN_FREE_BYTES)?;
    Some(OverviewWarning { text: t.warn_disk(t.bytes(free)), advice: t.advise_disk().to_owned(), link: None })
}

/// Warns if the queue is half full, or the wait half as long as allowed.
fn queue(t: Lang, engine: &Status) -> Option<OverviewWarning> {
    let is_saturated =
        engine.waiting.saturating_mul(2) >= engine.places || engine.wait * 2 >= engine.max_wait;
    let warning =
        OverviewWarning { text: t.warn_queue().to_owned(), advice: t.advise_queue().to_owned(), link: None };
    is_saturated.then_some(warning)
}

fn waiting_mails(app: &App, t: Lang, outbox: &Outbox, now: Timestamp) -> Option<OverviewWarning> {
    let oldest = outbox.oldest.as_ref()?;
    let link = Some((WAITING, t.see_mails()));
    if !app.current().mail.is_sent() {
        let text = t.warn_no_server(outbox.waiting);
        let link = Some(("/admin/settings/mail", t.settings_change_mail()));
        return Some(OverviewWarning { text, advice: t.advise_no_server().to_owned(), link });
    }
    let waited = now.since(oldest.content.written_at);
    let advice = match outbox.last_error.as_deref().map(DeliveryError::of_stored) {
        Some(error) => {
            let (reason, hint) = (t.advise_late(error.explain(t)), error.hint(t));
            if hint.is_empty() { reason } else { format!("{reason} {}", t.test_mail_hint(hint)) }
        }
        None => t.advise_late_unknown().to_owned(),
    };
    let max_wait = if outbox.last_error.is_some() { MAX_WAIT_FAILED } else { MAX_WAIT };
    (waited >= max_wait).then(|| OverviewWarning { text: t.warn_late(t.span(waited)), advice, link })
}

fn dead_mails(t: Lang, outbox: &Outbox) -> Option<OverviewWarning> {
    let link = Some((DEAD, t.see_mails()));
    let text = t.warn_dead(outbox.dead);
    (outbox.dead > 0).then(|| OverviewWarning { text, advice: t.advise_dead().to_owned(), link })
}

fn clock(t: Lang, ahead: Duration) -> OverviewWarning {
    let text = t.warn_clock(t.span(ahead));
    OverviewWarning { text, advice: t.advise_clock().to_owned(), link: None }
}

/// Without any recorded backup there is no warning: backups may be made in another way, and the overview says
/// that none is known.
fn old_backup(t: Lang, last: Option<Timestamp>, now: Timestamp) -> Option<OverviewWarning> {
    let last = last.filter(|last| now.since(*last) >= MAX_BACKUP_AGE)?;
    let text = t.warn_backup(t.ago(last, now));
    Some(OverviewWarning { text, advice: t.advise_backup().to_owned(), link: None })
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
    fn a_queue_half_full_or_half_as_slow_as_allowed_is_warned_of() {
        let is_warned_of = |status: Status| queue(Lang::English, &status).is_some();
        assert!(!is_warned_of(IDLE));
        assert!(!is_warned_of(Status { waiting: 49, wait: Duration::from_millis(2400), ..IDLE }));
        assert!(is_warned_of(Status { waiting: 50, ..IDLE }));
        assert!(is_warned_of(Status { wait: Duration::from_millis(2500), ..IDLE }));
    }

    #[test]
    fn a_nearly_full_disk_is_warned_of_and_an_unknown_one_is_not() {
        let statistics = |free_bytes| Statistics {
            at: Timestamp::from_seconds(0),
            users: 0,
            confirmed: 0,
            active: 0,
            administrators: 0,
            never_logged_in: 0,
            new: 0,
            logins: Vec::new(),
            is_behind: false,
            bytes: 0,
            free_bytes,
        };
        let warning = |free_bytes| disk(Lang::English, &statistics(free_bytes)).map(|warning| warning.text);
        assert_eq!(warning(Some(MIN_FREE_BYTES)), None);
        assert_eq!(warning(None), None);
        let text = warning(Some(12_000_000)).unwrap();
        assert_eq!(text, "Only 12.0 MB of disk space is left for the database.");
    }
}
