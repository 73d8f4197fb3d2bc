//! The mail server: its address, TLS and credentials.

use std::{path::PathBuf, time::Duration};

use super::sender::Sender;
use crate::types::Password;

/// `mail.smtp.*` with everything that sending needs.
#[derive(Debug, Clone)]
pub struct SmtpConfig {
    /// Its host name or IP address, which its certificate must name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// When TLS begins.
    pub tls: SmtpTls,
    /// What doorward authenticates with, if the server asks.
    pub credentials: Option<SmtpCredentials>,
    /// How long sending one mail may take, in whole seconds.
    pub timeout: Duration,
    /// The name in EHLO, if it is not the host of `public_url`.
    pub helo_name: Option<String>,
    /// A PEM file with certificate authorities to trust besides the system's.
    pub ca_file: Option<PathBuf>,
    /// `mail.from`: no email can be sent without it.
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

/// When TLS begins on a connection to the mail server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpTls {
    /// After a greeting in plain text, and before anything else (RFC 3207).
    StartTls,
    /// At once (RFC 8314 §3).
    Implicit,
    /// Never.
    None,
}

impl SmtpTls {
    /// Every value by its word.
    pub const WORDS: [(&'static str, Self); 3] =
        [("starttls", Self::StartTls), ("implicit", Self::Implicit), ("none", Self::None)];

    /// The port on which servers listen for it (RFC 6409 §3.1, RFC 8314 §7.3, RFC 5321 §4.5.4.2).
    pub fn usual_port(self) -> u16 {
        match self {
            Self::StartTls => 587,
            Self::Implicit => 465,
            Self::None => 25,
        }
    }
}
