//! Sends mails to a server (RFC 5321) over lettre's connection, stage by stage, so that an error says at
//! which stage it happened.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use thiserror::Error;
use url::{Host, Url};

use crate::config::{PublicUrl, SmtpConfig, SmtpTls};
use crate::mail::bounded_stream::BoundedStream;
use crate::mail::failure::{Cause, SendError, SmtpStage};
use crate::mail::mime::Mime;

/// The time limit for QUIT.
const QUIT_TIMEOUT: Duration = Duration::from_secs(1);

/// The login mechanisms that work with a user name and password, in order of preference.
const MECHANISMS: &[Mechanism] = &[Mechanism::Plain, Mechanism::Login];

/// Why the settings of the server cannot work.
#[derive(Debug, Error)]
pub enum SmtpError {
    /// `mail.smtp.ca_file` cannot be read.
    #[error("cannot read {}, named by mail.smtp.ca_file: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The error.
        reason: std::io::Error,
    },
    /// `mail.smtp.ca_file` has no certificate.
    #[error("{}, named by mail.smtp.ca_file, holds no certificates in PEM", path.display())]
    NoCertificates {
        /// The file.
        path: PathBuf,
    },
    /// TLS cannot be initialised.
    #[error("cannot use TLS: {0}")]
    Tls(String),
}

/// The server in the settings.
pub(crate) struct Smtp {
    config: SmtpConfig,
    tls: Option<TlsParameters>,
    client_id: ClientId,
    credentials: Option<Credentials>,
}

impl Smtp {
    /// Reads the certificates. Does not connect.
    pub(crate) fn new(config: SmtpConfig, public_url: &PublicUrl) -> Result<Self, SmtpError> {
        let tls = match config.tls {
            SmtpTls::None => None,
            SmtpTls::StartTls | SmtpTls::Implicit => Some(tls(&config)?),
        };
        let credentials = config.credentials.as_ref();
        let credentials = credentials
            .map(|login| Credentials::new(login.username.clone(), login.password.expose().to_owned()));
        Ok(Self { tls, client_id: client_id(&config, public_url), credentials, config })
    }

    pub(crate) fn config(&self) -> &SmtpConfig {
        &self.config
    }

    pub(crate) fn error(&self, stage: SmtpStage, cause: Cause) -> SendError {
        SendError { stage, cause, host: self.config.host.clone(), port: self.config.port }
    }

    async fn connect(&self, stage: &mut SmtpStage) -> Result<AsyncSmtpConnection, Cause> {
        *stage = SmtpStage::Name;
        let addresses = tokio::net::lookup_host((self.config.host.as_str(), self.config.port)).await;
        let addresses: Vec<SocketAddr> = addresses.map_err(|error| Cause::from(&error))?.collect();

        *stage = SmtpStage::Connection;
        let (timeout, addresses) = (self.config.timeout, addresses.as_slice());
        let mut connection = match self.tls.clone().filter(|_| self.config.tls == SmtpTls::Implicit) {
            // lettre begins TLS at once only on a connection of its own.
            Some(tls) => {
                let (timeout, name) = (Some(timeout), &self.client_id);
                AsyncSmtpConnection::connect_tokio1(addresses, timeout, name, Some(tls), None).await?
            }
            None => {
                let stream = BoundedStream::connect(addresses, timeout).await;
                let stream = Box::new(stream.map_err(|error| Cause::from(&error))?);
                AsyncSmtpConnection::connect_with_transport(stream, &self.client_id).await?
            }
        };

        *stage = SmtpStage::Tls;
        if let (SmtpTls::StartTls, Some(tls)) = (self.config.tls, &self.tls) {
            if !connection.can_starttls() {
                return Err(Cause::NotOffered);
            }
            connection.starttls(tls.clone(), &self.client_id).await?;
        }

        *stage = SmtpStage::Login;
        if let Some(credentials) = &self.credentials {
            if connection.server_info().get_auth_mechanism(MECHANISMS).is_none() {
                return Err(Cause::NotOffered);
            }
            connection.auth(MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }
}

/// A connection for several mails, one after the other. Opened with the first mail, and anew after an error.
pub struct SmtpSession<'a> {
    smtp: &'a Smtp,
    connection: Option<AsyncSmtpConnection>,
}

impl<'a> SmtpSession<'a> {
    pub(crate) fn new(smtp: &'a Smtp) -> Self {
        Self { smtp, connection: None }
    }

    /// Sends a mail; answers when the server has accepted it.
    pub async fn send(&mut self, mail: &Mime) -> Result<(), SendError> {
        let mut stage = SmtpStage::Connection;
        let sending = transmit(self.smtp, &mut self.connection, mail, &mut stage);
        // One limit for all stages: the lease of the outbox depends on it.
        let outcome = tokio::time::timeout(self.smtp.config.timeout, sending).await;
        match outcome.unwrap_or(Err(Cause::TimedOut)) {
            Ok(()) => Ok(()),
            Err(cause) => {
                self.close().await;
                Err(self.smtp.error(stage, cause))
            }
        }
    }

    /// Ends the connection with QUIT, if there is one.
    pub async fn close(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            // The server has accepted every mail before, so an error does not matter.
            let _ = tokio::time::timeout(QUIT_TIMEOUT, connection.quit()).await;
        }
    }
}

/// Connects unless the open connection works, and sends the mail.
async fn transmit(
    smtp: &Smtp,
    open: &mut Option<AsyncSmtpConnection>,
    mail: &Mime,
    stage: &mut SmtpStage,
) -> Result<(), Cause> {
    let is_usable = match open {
        Some(connection) => connection.test_connected().await,
        None => false,
    };
    if !is_usable {
        *open = None;
    }
    let connection = match open {
        Some(connection) => connection,
        None => open.insert(smtp.connect(stage).await?),
    };
    let parameters = match needs_smtputf8(mail) {
        true if !connection.server_info().supports_feature(Extension::SmtpUtfEight) => {
            *stage = SmtpStage::Recipient;
            return Err(Cause::NotOffered);
        }
        true => vec![MailParameter::SmtpUtfEight, MailParameter::Body(MailBodyParameter::EightBitMime)],
        false => vec![],
    };
    // With parameters for this recipient, a refusal of MAIL may be about them.
    *stage = if parameters.is_empty() { SmtpStage::Sender } else { SmtpStage::Recipient };
    connection.command(Mail::new(mail.envelope.from().cloned(), parameters)).await?;
    *stage = SmtpStage::Recipient;
    for to in mail.envelope.to() {
        connection.command(Rcpt::new(to.clone(), vec![])).await?;
    }
    *stage = SmtpStage::Content;
    connection.command(Data).await?;
    connection.message(&mail.bytes).await?;
    Ok(())
}

/// Whether an address has characters that only SMTPUTF8 permits (RFC 6531 §3.4).
fn needs_smtputf8(mail: &Mime) -> bool {
    let addresses = mail.envelope.from().into_iter().chain(mail.envelope.to());
    addresses.into_iter().any(|address| !<_ as AsRef<str>>::as_ref(address).is_ascii())
}

fn tls(config: &SmtpConfig) -> Result<TlsParameters, SmtpError> {
    let mut builder = TlsParameters::builder(config.host.clone());
    if let Some(path) = &config.ca_file {
        let pem =
            std::fs::read(path).map_err(|reason| SmtpError::Unreadable { path: path.clone(), reason })?;
        let is_pem = pem.windows(PEM_BEGIN.len()).any(|part| part == PEM_BEGIN);
        let certificates = Certificate::from_pem(&pem).ok().filter(|_| is_pem);
        let certificates = certificates.ok_or_else(|| SmtpError::NoCertificates { path: path.clone() })?;
        builder = builder.add_root_certificate(certificates);
    }
    builder.build().map_err(|error| SmtpError::Tls(error.to_string()))
}

/// The first line of a certificate (RFC 7468 §5.1).
const PEM_BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// The name in EHLO (RFC 5321 §4.1.1.1): `mail.smtp.helo_name`, or else the host of the public URL.
fn client_id(config: &SmtpConfig, public_url: &PublicUrl) -> ClientId {
    let host = match &config.helo_name {
        Some(name) => match name.parse() {
            Ok(IpAddr::V4(address)) => Some(Host::Ipv4(address)),
            Ok(IpAddr::V6(address)) => Some(Host::Ipv6(address)),
            Err(_) => Host::parse(name).ok(),
        },
        None => Url::parse(public_url.origin()).ok().and_then(|url| url.host().map(|host| host.to_owned())),
    };
    match host {
        Some(Host::Domain(name)) => ClientId::Domain(name),
        Some(Host::Ipv4(address)) => ClientId::Ipv4(address),
        Some(Host::Ipv6(address)) => ClientId::Ipv6(address),
        None => ClientId::default(),
    }
}
