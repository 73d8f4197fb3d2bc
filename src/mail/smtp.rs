//! Handing mails to a server (RFC 5321), over lettre's connection: its stages are taken one by one, so
//! that a failure can be told apart and put into words.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use thiserror::Error;

use crate::config::{PublicUrl, SmtpConfig, SmtpTls};
use crate::mail::failure::{Cause, SendError, SmtpStage};
use crate::mail::mime::Mime;

/// How long saying goodbye may take.
const GOODBYE: Duration = Duration::from_secs(1);

/// The ways to log in that the settings can serve, the better one first.
const MECHANISMS: &[Mechanism] = &[Mechanism::Plain, Mechanism::Login];

/// Why no mail could ever leave.
#[derive(Debug, Error)]
pub enum SmtpError {
    /// `mail.smtp.ca_file` cannot be read.
    #[error("cannot read {}, named by mail.smtp.ca_file: {reason}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: std::io::Error,
    },
    /// `mail.smtp.ca_file` holds no certificate.
    #[error("{}, named by mail.smtp.ca_file, holds no certificates in PEM", path.display())]
    NoCertificates {
        /// Which.
        path: PathBuf,
    },
    /// TLS cannot be used at all.
    #[error("cannot use TLS: {0}")]
    Tls(String),
}

/// A server that takes mails, by the settings.
pub(crate) struct Smtp {
    config: SmtpConfig,
    tls: Option<TlsParameters>,
    hello: ClientId,
    credentials: Option<Credentials>,
}

impl Smtp {
    /// Reads the certificates. Does not connect.
    ///
    /// # Errors
    /// If a file of certificates is named and cannot be used.
    pub(crate) fn new(config: SmtpConfig, public_url: &PublicUrl) -> Result<Self, SmtpError> {
        let tls = match config.tls {
            SmtpTls::None => None,
            SmtpTls::StartTls | SmtpTls::Implicit => Some(tls(&config)?),
        };
        let credentials = config.credentials.as_ref();
        let credentials = credentials
            .map(|known| Credentials::new(known.username.clone(), known.password.expose().to_owned()));
        Ok(Self { tls, hello: our_name(public_url), credentials, config })
    }

    pub(crate) fn config(&self) -> &SmtpConfig {
        &self.config
    }

    pub(crate) fn error(&self, stage: SmtpStage, cause: Cause) -> SendError {
        SendError { stage, cause, host: self.config.host.clone(), port: self.config.port }
    }

    async fn connect(&self, stage: &mut SmtpStage) -> Result<AsyncSmtpConnection, Cause> {
        *stage = SmtpStage::Name;
        let found = tokio::net::lookup_host((self.config.host.as_str(), self.config.port)).await;
        let addresses: Vec<SocketAddr> = found.map_err(|error| Cause::from(&error))?.collect();

        *stage = SmtpStage::Connection;
        let at_once = self.tls.clone().filter(|_| self.config.tls == SmtpTls::Implicit);
        let patience = Some(self.config.timeout);
        let addresses = addresses.as_slice();
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(addresses, patience, &self.hello, at_once, None).await?;

        *stage = SmtpStage::Tls;
        if let (SmtpTls::StartTls, Some(tls)) = (self.config.tls, &self.tls) {
            if !connection.can_starttls() {
                return Err(Cause::NotOffered);
            }
            connection.starttls(tls.clone(), &self.hello).await?;
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

/// A connection that several mails may go over, one after the other.
pub struct SmtpSession<'a> {
    smtp: &'a Smtp,
    connection: Option<AsyncSmtpConnection>,
}

impl<'a> SmtpSession<'a> {
    pub(crate) fn new(smtp: &'a Smtp) -> Self {
        Self { smtp, connection: None }
    }

    /// Hands a mail to the server; answers when the server has taken it.
    ///
    /// # Errors
    /// Why it did not; then the next mail gets a new connection.
    pub async fn send(&mut self, mail: &Mime) -> Result<(), SendError> {
        let mut stage = SmtpStage::Connection;
        let sending = hand_over(self.smtp, &mut self.connection, mail, &mut stage);
        // The whole of it, however slowly it goes on: that is what a lease counts on.
        let outcome = tokio::time::timeout(self.smtp.config.timeout, sending).await;
        match outcome.unwrap_or(Err(Cause::TimedOut)) {
            Ok(()) => Ok(()),
            Err(cause) => {
                self.close().await;
                Err(self.smtp.error(stage, cause))
            }
        }
    }

    /// Says goodbye, if there is anybody to say it to.
    pub async fn close(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            // It has taken everything already.
            let _ = tokio::time::timeout(GOODBYE, connection.quit()).await;
        }
    }
}

/// From the connection, if there is none that still answers, to the server's last word.
async fn hand_over(
    smtp: &Smtp,
    kept: &mut Option<AsyncSmtpConnection>,
    mail: &Mime,
    stage: &mut SmtpStage,
) -> Result<(), Cause> {
    let is_good = match kept {
        Some(connection) => connection.test_connected().await,
        None => false,
    };
    if !is_good {
        *kept = None;
    }
    let connection = match kept {
        Some(connection) => connection,
        None => kept.insert(smtp.connect(stage).await?),
    };
    *stage = SmtpStage::Sender;
    connection.command(Mail::new(mail.envelope.from().cloned(), vec![])).await?;
    *stage = SmtpStage::Recipient;
    for to in mail.envelope.to() {
        connection.command(Rcpt::new(to.clone(), vec![])).await?;
    }
    *stage = SmtpStage::Content;
    connection.command(Data).await?;
    connection.message(&mail.bytes).await?;
    Ok(())
}

fn tls(config: &SmtpConfig) -> Result<TlsParameters, SmtpError> {
    let mut builder = TlsParameters::builder(config.host.clone());
    if let Some(path) = &config.ca_file {
        let pem =
            std::fs::read(path).map_err(|reason| SmtpError::Unreadable { path: path.clone(), reason })?;
        let is_pem = pem.windows(BEGIN.len()).any(|part| part == BEGIN);
        let certificates = Certificate::from_pem(&pem).ok().filter(|_| is_pem);
        let certificates = certificates.ok_or_else(|| SmtpError::NoCertificates { path: path.clone() })?;
        builder = builder.add_root_certificate(certificates);
    }
    builder.build().map_err(|error| SmtpError::Tls(error.to_string()))
}

/// RFC 7468 §5.1.
const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// What we call ourselves (RFC 5321 §4.1.1.1): the name that browsers know this server by.
fn our_name(public_url: &PublicUrl) -> ClientId {
    let host =
        url::Url::parse(public_url.origin()).ok().and_then(|url| url.host().map(|host| host.to_owned()));
    match host {
        Some(url::Host::Domain(name)) => ClientId::Domain(name),
        Some(url::Host::Ipv4(address)) => ClientId::Ipv4(address),
        Some(url::Host::Ipv6(address)) => ClientId::Ipv6(address),
        None => ClientId::default(),
    }
}
