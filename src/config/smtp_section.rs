//! `mail.smtp.*`: the settings of the mail server, and what they add up to.

use std::path::PathBuf;
use std::time::Duration;

use super::reader::{NoValue, SettingsReader};
use super::setting::{Setting, SettingSection, settings};
use super::setting_types::{ChoiceType, DurationType, NumberType, ParsedType, SecretType, TextType};
use super::values::parse::{self, HOUR, SECOND};
use super::values::sender::Sender;
use super::values::smtp::{SmtpConfig, SmtpCredentials, SmtpTls};
use crate::types::Password;

settings! {
    /// `mail.smtp.*` as it is written.
    pub(super) struct SmtpSettings, "mail.smtp." {
        /// The mail server, such as `smtp.example.com`. When unset, emails wait in the outbox.
        host: Option<String>, ParsedType("host name or IP address", parse::host);
        /// The port of the mail server. When unset, 587 for `starttls`, 465 for `implicit`, 25 for `none`.
        port: Option<u16>, NumberType(1..=u16::MAX);
        /// When TLS begins: `starttls` (after the greeting; a server that does not offer it is refused),
        /// `implicit` (at once), or `none` (never; the username and password can be read on the way).
        tls: SmtpTls = "starttls", ChoiceType(&SmtpTls::WORDS);
        /// The username for the mail server. Needs `mail.smtp.password`.
        username: Option<String>, TextType(1..=255);
        /// The password that goes with the username.
        password: Option<Password>, SecretType(|text| Ok(Password::new(text.to_owned())));
        /// How long sending one email may take, from connecting to the last answer.
        timeout: Duration = "1m", DurationType(SECOND..=HOUR);
        /// The name of this machine in EHLO, such as `accounts.example.com`. When unset, the host of
        /// `public_url`.
        helo_name: Option<String>, ParsedType("host name or IP address", parse::host);
        /// A PEM file with certificate authorities to trust besides the system's, for a server with a
        /// self-signed certificate.
        ca_file: Option<PathBuf>, ParsedType("file", parse::path);
    }
}

impl SettingSection for Option<SmtpConfig> {
    fn settings() -> Vec<Setting> {
        SmtpSettings::settings()
    }

    fn read(reader: &mut SettingsReader<'_>) -> Result<Self, NoValue> {
        let SmtpSettings { host, port, tls, username, password, timeout, helo_name, ca_file } =
            SmtpSettings::read(reader)?;
        let credentials = match (username, password) {
            (Some(username), Some(password)) => Some(SmtpCredentials { username, password }),
            (Some(_), None) => return Err(reader.require("mail.smtp.password", "mail.smtp.username is set")),
            (None, Some(_)) => return Err(reader.require("mail.smtp.username", "mail.smtp.password is set")),
            (None, None) => None,
        };
        let Some(host) = host else { return Ok(None) };
        if !reader.raw().contains_key("mail.from") {
            return Err(reader.require("mail.from", "every email needs a sender"));
        }
        let from = reader.peek("mail.from", Sender::parse).ok_or(NoValue)?;
        let port = port.unwrap_or_else(|| tls.usual_port());
        Ok(Some(SmtpConfig { host, port, tls, credentials, timeout, helo_name, ca_file, from }))
    }
}
