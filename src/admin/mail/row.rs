//! A mail in a line: in the list, and on the page of the user it is about
//! (`templates/admin/mail/rows.html`).

use crate::mail::{DeliveryError, DeliveryExplanation};
use crate::store::tables::mails::{DeliveryState, Mail};
use crate::texts::Lang;
use crate::types::Timestamp;
use crate::web::When;
use crate::web::layout::Layout;
use crate::web::truncate;

/// The line.
pub(crate) struct MailRow {
    pub mail: Mail,
    pub to: String,
    /// DeliveryError it was not sent the last time.
    pub error: Option<DeliveryExplanation>,
    /// What it is about.
    pub kind: &'static str,
    pub written: When,
    pub state: &'static str,
    /// For the badge.
    pub class: &'static str,
}

impl MailRow {
    /// The line of a mail.
    pub(crate) fn new(mail: Mail, shell: &Layout, now: Timestamp) -> Self {
        let written = shell.when(mail.content.written_at);
        let (state, class) = state(shell.t, &mail, now);
        Self {
            kind: shell.t.mail_kind(mail.content.kind.as_str()),
            to: truncate::email(mail.content.to.as_str()),
            error: mail.last_error.as_deref().map(|line| told(shell.t, line)),
            mail,
            written,
            state,
            class,
        }
    }
}

/// DeliveryError a mail was not sent, as long as a list may tell it.
fn told(t: Lang, line: &str) -> DeliveryExplanation {
    let told = DeliveryError::of_stored(line).explain(t);
    DeliveryExplanation { quote: told.quote.as_deref().map(truncate::detail), ..told }
}

/// What has become of a mail: the word for it, and the look of its badge.
pub(crate) fn state(t: Lang, mail: &Mail, now: Timestamp) -> (&'static str, &'static str) {
    match mail.state {
        DeliveryState::Waiting if mail.is_being_sent(now) => (t.state_sending(), "badge badge-strong"),
        DeliveryState::Waiting => (t.state_waiting(), "badge badge-warn"),
        DeliveryState::Sent => (t.state_sent(), "badge"),
        DeliveryState::Dead => (t.state_dead(), "badge badge-bad"),
        DeliveryState::Dropped => (t.state_dropped(), "badge"),
    }
}
