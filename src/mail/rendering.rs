//! Renders a mail of the outbox: subject, text and HTML. Knows the site's name, colour and URL, but no
//! headers and servers.

use std::collections::BTreeMap;
use std::time::Duration;

use minijinja::{Environment, Value};
use time::macros::format_description;
use time::{OffsetDateTime, UtcDateTime};

use crate::config::Config;
use crate::mail::templates;
use crate::mail::templates::TemplateError;
use crate::types::{
    AccountChange, Email, GREETED_AS, Message, MessageKind, OneTimeKey, OutboxMail, Timestamp, Username,
};

/// A rendered mail.
#[derive(Debug, PartialEq, Eq)]
pub struct RenderedMail {
    /// One line.
    pub subject: String,
    /// The text part, with `\n` at the end of each line.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

/// The templates, and the variables of all of them.
pub(crate) struct MailTemplates {
    templates: Environment<'static>,
    site: BTreeMap<String, Value>,
    origin: String,
}

/// Whether the link in a mail has its key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyVisibility {
    /// For the recipient.
    Visible,
    /// For all others.
    Hidden,
}

impl MailTemplates {
    /// Reads the templates, and tries each of them.
    pub(crate) fn load(config: &Config) -> Result<Self, TemplateError> {
        let origin = config.public_url.origin().to_owned();
        let colour = config.site.colour;
        let site = [
            ("site", Value::from(without_controls(&config.site.name))),
            ("colour", Value::from_safe_string(colour.to_string())),
            ("ink", Value::from_safe_string(colour.ink().to_string())),
            // An origin has no character that is special in HTML (`config::WebOrigin`).
            ("url", Value::from_safe_string(origin.clone())),
            ("site_url", Value::from(config.site.url.as_ref().map_or("", |url| url.as_str()))),
        ];
        let site = site.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let templates = templates::load(config.mail.templates.as_deref())?;
        let templates = Self { templates, site, origin };
        MessageKind::ALL.into_iter().try_for_each(|kind| templates.try_out(kind))?;
        Ok(templates)
    }

    /// Renders a mail.
    pub(crate) fn render(
        &self,
        mail: &OutboxMail,
        key: KeyVisibility,
    ) -> Result<RenderedMail, TemplateError> {
        let mut context = self.site.clone();
        context.extend(
            mail.params.iter().map(|(name, text)| (name.clone(), Value::from(without_controls(text)))),
        );
        if let Some(name) = mail.params.get(GREETED_AS) {
            context.insert("username".to_owned(), Value::from(without_controls(name)));
        }
        context.insert("when".to_owned(), Value::from(date_and_time(mail.written_at)));
        if let Some(link) = mail.kind.link() {
            let url = format!("{}{}{}", self.origin, link.path(), key_text(mail, key));
            // The key is base64url (RFC 4648 §5), without characters that are special in HTML.
            context.insert("link".to_owned(), Value::from_safe_string(url));
            context.insert("valid_for".to_owned(), Value::from(hours_or_days(link.lifetime())));
        }
        let context = Value::from(context);
        let name = mail.kind.as_str();
        let text = self.render_part(&format!("{name}.txt"), &context)?;
        let html = self.render_part(&format!("{name}.html"), &context)?;
        let (subject, text) = split_subject(&text).ok_or(TemplateError::NoSubject(format!("{name}.txt")))?;
        Ok(RenderedMail { subject, text, html })
    }

    /// Replaces a template without trying it.
    #[cfg(test)]
    pub(crate) fn replace(&mut self, name: &'static str, source: String) {
        self.templates.add_template_owned(name, source).unwrap();
    }

    fn render_part(&self, name: &str, context: &Value) -> Result<String, TemplateError> {
        let template = self.templates.get_template(name);
        let rendered = template.and_then(|template| template.render(context.clone()));
        rendered.map_err(|error| TemplateError::broken(name, &error))
    }

    /// Renders a sample of a kind, and checks that it has its link.
    fn try_out(&self, kind: MessageKind) -> Result<(), TemplateError> {
        let sample = sample(kind);
        let rendered = self.render(&sample, KeyVisibility::Visible)?;
        let Some(key) = &sample.key else { return Ok(()) };
        for (part, ending) in [(&rendered.text, "txt"), (&rendered.html, "html")] {
            if !part.contains(key.expose()) {
                return Err(TemplateError::NoLink(format!("{}.{ending}", kind.as_str())));
            }
        }
        Ok(())
    }
}

fn key_text(mail: &OutboxMail, key: KeyVisibility) -> &str {
    match (&mail.key, key) {
        (Some(key), KeyVisibility::Visible) => key.expose(),
        (Some(_), KeyVisibility::Hidden) => "(hidden)",
        (None, _) => "(removed)",
    }
}

/// A text with spaces in place of line ends and other control characters: a username cannot begin a new line
/// or header.
fn without_controls(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || c == '\u{2028}' || c == '\u{2029}' { ' ' } else { c }).collect()
}

/// Splits the first line, `Subject: …`, from the text.
fn split_subject(text: &str) -> Option<(String, String)> {
    let (first, rest) = text.split_once('\n')?;
    let subject = without_controls(first.strip_prefix("Subject:")?).trim().to_owned();
    let rest = format!("{}\n", rest.trim_matches('\n'));
    (!subject.is_empty()).then_some((subject, rest))
}

/// Such as "31 January 2026 at 12:00 UTC".
fn date_and_time(moment: Timestamp) -> String {
    let format = format_description!("[day padding:none] [month repr:long] [year] at [hour]:[minute] UTC");
    OffsetDateTime::from_unix_timestamp(moment.seconds())
        .ok()
        .and_then(|moment| UtcDateTime::from(moment).format(format).ok())
        .unwrap_or_else(|| moment.to_rfc3339())
}

/// A duration of full hours or days, such as "3 days".
fn hours_or_days(span: Duration) -> String {
    const HOUR: u64 = 60 * 60;
    let hours = span.as_secs() / HOUR;
    match (hours / 24, hours % 24) {
        (1, 0) => "1 day".to_owned(),
        (days, 0) if days > 1 => format!("{days} days"),
        _ if hours == 1 => "1 hour".to_owned(),
        _ => format!("{hours} hours"),
    }
}

/// A sample of a kind, for trying templates.
pub(crate) fn sample(kind: MessageKind) -> OutboxMail {
    let username = || Username::from_stored("alice".to_owned());
    let key = OneTimeKey::random;
    let new_email = Email::from_stored("alice@example.org".to_owned());
    let message = match kind {
        MessageKind::ConfirmEmail => Message::ConfirmEmail { username: username(), key: key() },
        MessageKind::EmailChanged => Message::EmailChanged { username: username(), new_email, key: key() },
        MessageKind::EmailChangedByAdministrator => {
            Message::EmailChangedByAdministrator { username: username(), new_email }
        }
        MessageKind::ResetPassword => Message::ResetPassword { username: username(), key: key() },
        MessageKind::PasswordChanged => Message::PasswordChanged { username: username() },
        MessageKind::ChangedByAdministrator => {
            Message::ChangedByAdministrator { username: username(), change: AccountChange::PasswordSet }
        }
        MessageKind::AccountDeleted => Message::AccountDeleted { username: username() },
        MessageKind::AlreadyRegistered => Message::AlreadyRegistered { username: username() },
        MessageKind::Invite => Message::Invite { key: key() },
        MessageKind::Test => Message::Test,
    };
    let to = Email::from_stored("alice@example.com".to_owned());
    OutboxMail::new(message, to, Timestamp::from_seconds(1_800_000_000))
}
