//! `site.*` and `mail.*`: how mails look, who they come from, and how they leave.

use std::{path::PathBuf, time::Duration};

use super::parse::{self, Parsed};
use super::{Colour, Sender};
use crate::types::Password;

/// `site.*`: what people know the site by.
#[derive(Debug, Clone)]
pub struct SiteConfig {
    /// Its name, a line of text.
    pub name: String,
    /// The colour of what stands out.
    pub colour: Colour,
}

/// `mail.*`: what is sent to people, and how.
#[derive(Debug, Clone)]
pub struct MailConfig {
    /// Who mails come from.
    pub from: Option<Sender>,
    /// A folder of templates that are used instead of the built-in ones.
    pub templates: Option<PathBuf>,
    /// How often a mail is tried before it is given up; at least 1.
    pub attempts: u32,
    /// How long a mail is kept after it was sent, dropped or given up, in whole seconds.
    pub keep: Duration,
    /// The server that takes them; without one, mails wait.
    pub smtp: Option<SmtpConfig>,
}

impl MailConfig {
    /// Whether mails are sent. Without a mail server they wait in the outbox.
    #[must_use]
    pub const fn is_sent(&self) -> bool {
        self.smtp.is_some()
    }
}

/// `mail.smtp.*`: the server that takes our mails.
#[derive(Debug, Clone)]
pub struct SmtpConfig {
    /// Its name or address, and what its certificate must be for.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How what we say is hidden on the way.
    pub tls: SmtpTls,
    /// What we show it, if it asks.
    pub credentials: Option<SmtpCredentials>,
    /// How long sending one mail may take, in whole seconds.
    pub timeout: Duration,
    /// Certificates to trust besides the system's.
    pub ca_file: Option<PathBuf>,
    /// `mail.from`, without which nothing can be sent.
    pub from: Sender,
}

/// A name and a password for the mail server.
#[derive(Debug, Clone)]
pub struct SmtpCredentials {
    /// The name.
    pub username: String,
    /// The password.
    pub password: Password,
}

/// When TLS begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpTls {
    /// After a greeting in clear, and before anything else (RFC 3207).
    StartTls,
    /// At once (RFC 8314 §3).
    Implicit,
    /// Never.
    None,
}

impl SmtpTls {
    pub(super) fn parse(text: &str) -> Parsed<Self> {
        let words = [("starttls", Self::StartTls), ("implicit", Self::Implicit), ("none", Self::None)];
        parse::choice(text, &words)
    }

    /// Where servers listen for it (RFC 6409 §3.1, RFC 8314 §7.3, RFC 5321 §4.5.4.2).
    pub fn usual_port(self) -> u16 {
        match self {
            Self::StartTls => 587,
            Self::Implicit => 465,
            Self::None => 25,
        }
    }
}
