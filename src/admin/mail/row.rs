//! A mail as a row of a table: in the outbox, and on the page of its user (`templates/admin/mail/rows.html`).

use crate::mail::{DeliveryError, DeliveryExplanation};
use crate::store::tables::mails::{DeliveryState, Mail};
use crate::texts::Lang;
use crate::types::{MailText, Timestamp};
use crate::web::When;
use crate::web::abbreviate;
use crate::web::layout::Layout;

/// The row.
pub(crate) struct MailRow {
    pub mail: Mail,
    pub to: String,
    /// Why the last attempt failed.
    pub error: Option<DeliveryExplanation>,
    /// What it says, such as "Password changed".
    pub kind: &'static str,
    pub written: When,
    pub state: &'static str,
    /// The CSS classes of the state.
    pub class: &'static str,
}

impl MailRow {
    pub(crate) fn new(mail: Mail, layout: &Layout, now: Timestamp) -> Self {
        let written = layout.when(mail.content.written_at);
        let (state, class) = state(layout.t, &mail, now);
        Self {
            kind: layout.t.mail_text_label(MailText::of(mail.content.kind, &mail.content.params)),
            to: abbreviate::email(mail.content.to.as_str()),
            error: mail.last_error.as_deref().map(|line| short_explanation(layout.t, line)),
            mail,
            written,
            state,
            class,
        }
    }
}

/// Why a mail was not delivered, cut to the length of a list.
fn short_explanation(t: Lang, line: &str) -> DeliveryExplanation {
    let explanation = DeliveryError::of_stored(line).explain(t);
    DeliveryExplanation { quote: explanation.quote.as_deref().map(abbreviate::detail), ..explanation }
}

/// The state of a mail: its text and CSS classes.
pub(crate) fn state(t: Lang, mail: &Mail, now: Timestamp) -> (&'static str, &'static str) {
    match mail.state {
        DeliveryState::Waiting if mail.is_being_sent(now) => (t.state_sending(), "badge badge-strong"),
        DeliveryState::Waiting => (t.state_waiting(), "badge badge-warn"),
        DeliveryState::Sent => (t.state_sent(), "badge"),
        DeliveryState::Dead => (t.state_dead(), "badge badge-bad"),
        DeliveryState::Dropped => (t.state_dropped(), "badge"),
    }
}
