//! The configuration: what an operator wrote, then what the server may rely on.
//!
//! Two stages. *As written* (`written`): text and where it came from, layered default < file <
//! environment < flag. *As validated* (`Config`): types that cannot hold a bad value. Every setting
//! is one entry of [`SETTINGS`]. `cli` loads a `Config` once and hands it down; nothing here is
//! global, and nothing here reads the process environment or the clock.

mod colour;
mod cookies;
mod environment;
mod error;
mod example;
mod file;
mod hash_cost;
mod logging;
mod mail;
mod parse;
mod public_url;
mod registration;
mod sender;
mod settings;
mod source;
mod validate;
mod warnings;
mod written;

#[cfg(test)]
mod tests;

use std::{ffi::OsString, net::SocketAddr, time::Duration};

use ipnet::IpNet;

pub(crate) use crate::types::SigningKey;
pub(crate) use crate::types::{DatabaseUrl, DatabaseUrlError};
pub(crate) use colour::Colour;
pub(crate) use cookies::{CookiesConfig, SameSite};
pub(crate) use error::{ConfigError, ConfigProblem};

pub(crate) use hash_cost::HashCost;
pub(crate) use logging::{LogFormat, LogLevel};
pub(crate) use mail::{MailConfig, SiteConfig, SmtpConfig, SmtpCredentials, SmtpTls};
pub(crate) use public_url::{PublicUrl, WebOrigin};
pub(crate) use registration::RegistrationMode;
pub(crate) use sender::Sender;
pub use settings::SETTINGS;
pub(crate) use settings::Setting;
pub(crate) use source::SettingSource;
pub(crate) use warnings::ConfigWarning;
pub(crate) use written::{Flag, Sources};

/// Everything the server can be told, validated.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen for HTTP.
    pub listen: SocketAddr,
    /// Where accounts are kept.
    pub database_url: DatabaseUrl,
    /// What signs tokens; `None` leaves the key to the database.
    pub signing_key: Option<SigningKey>,
    /// How browsers and mails reach this server; `http://` and `listen` unless set.
    pub public_url: PublicUrl,
    /// How long an access token is good for, in whole seconds.
    pub access_token_lifetime: Duration,
    /// How long a refresh token is good for, in whole seconds.
    pub refresh_token_lifetime: Duration,
    /// How much too early or too late a token may come, in whole seconds.
    pub clock_leeway: Duration,
    /// What refreshing does.
    pub tokens: TokensConfig,
    /// The cookies that log browsers in.
    pub cookies: CookiesConfig,
    /// How a database server is used.
    pub database: DatabaseConfig,
    /// How passwords are hashed.
    pub password: PasswordConfig,
    /// Who may make an account.
    pub registration: RegistrationConfig,
    /// What one caller may ask of the server.
    pub limits: LimitsConfig,
    /// The proxies whose word about the client's address is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// How long administrators stay signed in.
    pub admin: AdminConfig,
    /// Which other web origins may call the API from a browser.
    pub cors: CorsConfig,
    /// What people know the site by.
    pub site: SiteConfig,
    /// What is sent to people, and how.
    pub mail: MailConfig,
    /// What is logged and how.
    pub log: LogConfig,
    /// The HTTP server itself.
    pub server: ServerConfig,
    described: Vec<Described>,
}

/// `tokens.*`: what refreshing does.
#[derive(Debug, Clone)]
pub struct TokensConfig {
    /// Whether a refresh replaces the refresh token.
    pub rotate_refresh: bool,
    /// How long a replaced one still answers its successor, in whole seconds.
    pub reuse_grace: Duration,
}

/// `database.*`: how a PostgreSQL server is used. SQLite needs none of it.
#[derive(Debug, Clone)]
pub struct DatabaseConfig {
    /// The most connections of this process.
    pub pool: usize,
    /// How long to wait for a connection, in whole seconds.
    pub connect_timeout: Duration,
    /// How long one statement may take, in whole seconds.
    pub statement_timeout: Duration,
    /// How long a start waits for a server that does not answer, in whole seconds.
    pub wait_for: Duration,
}

/// `password.*`: how passwords are hashed.
#[derive(Debug, Clone)]
pub struct PasswordConfig {
    /// bcrypt's cost for new hashes.
    pub cost: HashCost,
    /// How many threads hash; 0 is one for each core.
    pub threads: usize,
    /// How many hashes may wait before logins are answered 503.
    pub queue: usize,
    /// How long one may wait for its hash to begin, in whole seconds.
    pub max_wait: Duration,
}

/// `registration.*`: who may make an account.
#[derive(Debug, Clone, Copy)]
pub struct RegistrationConfig {
    /// Who may make an account over the API.
    pub mode: RegistrationMode,
    /// Whether the API keeps to itself which emails have an account.
    pub hide_existing: bool,
}

/// `limits.*`: what one caller may ask of the server.
#[derive(Debug, Clone)]
pub struct LimitsConfig {
    /// Whether any of it is limited at all, but for the body.
    pub enabled: bool,
    /// Failed logins within the window before an account is throttled.
    pub failed_logins_per_account: u32,
    /// Failed logins within the window before a client address is throttled.
    pub failed_logins_per_address: u32,
    /// Bad tokens within the window before a client address is throttled at the token endpoints.
    pub bad_tokens_per_address: u32,
    /// How long a failed login or a bad token counts, in whole seconds.
    pub failed_logins_window: Duration,
    /// Mails of a kind that may be asked for to one email within the window.
    pub mails_per_account: u32,
    /// Mails of a kind that a client address may ask for within the window.
    pub mails_per_address: u32,
    /// How long such a mail counts, in whole seconds.
    pub mails_window: Duration,
    /// Registrations of an email, and changes of its email by an account, within the window.
    pub registrations_per_account: u32,
    /// Both of them together from a client address.
    pub registrations_per_address: u32,
    /// How long each of them counts, in whole seconds.
    pub registrations_window: Duration,
    /// The largest request body, in bytes.
    pub body: usize,
}

/// `admin.*`: how long administrators stay signed in.
#[derive(Debug, Clone)]
pub struct AdminConfig {
    /// From signing in to being signed out, whatever happens between, in whole seconds.
    pub session_lifetime: Duration,
    /// Without any request, in whole seconds.
    pub session_idle_timeout: Duration,
    /// After which time dangerous actions ask for the password again, in whole seconds.
    pub password_again_after: Duration,
}

/// `cors.*`: which other web origins may call the API from a browser.
#[derive(Debug, Clone)]
pub struct CorsConfig {
    /// Exact origins; never a wildcard.
    pub allowed_origins: Vec<WebOrigin>,
}

/// `log.*`: what is logged and how.
#[derive(Debug, Clone)]
pub struct LogConfig {
    /// The least severe level that is logged.
    pub level: LogLevel,
    /// The form of a log line.
    pub format: LogFormat,
}

/// `server.*`: the HTTP server itself.
#[derive(Debug, Clone)]
pub struct ServerConfig {
    /// How many worker threads answer requests; 0 is one for each core.
    pub workers: usize,
    /// How long a stopping server waits for running requests, in whole seconds.
    pub shutdown_timeout: Duration,
}

/// One line of `doorward config`: a setting's effective value, fit to be shown, and its origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// The setting's dotted name.
    pub name: &'static str,
    /// The value in force as it was written, without any secret in it.
    pub value: String,
    /// Where the value came from.
    pub origin: SettingSource,
}

impl Config {
    /// Layers the sources and validates the outcome.
    ///
    /// # Errors
    /// All problems at once: an unreadable or malformed file, unknown settings, bad values.
    pub fn load<E, K>(sources: Sources<'_, E>) -> Result<Self, ConfigError>
    where
        E: IntoIterator<Item = (K, OsString)>,
        K: Into<OsString>,
    {
        let (written, problems) = written::gather(sources);
        validate::config(&written, problems)
    }

    /// The defaults with these (name, value) pairs over them; no file and no environment is read.
    pub fn from_settings(pairs: &[(&str, &str)]) -> Result<Self, ConfigError> {
        let flags = pairs.iter().map(|(name, text)| Flag::set(name, text));
        let (written, problems) = written::layer(Vec::new(), flags.collect());
        validate::config(&written, problems)
    }

    /// The same, where the system chose the port (`listen` says 0): a public URL that was made
    /// from `listen` follows. [`Config::describe`] goes on telling what was loaded.
    #[must_use]
    pub fn listening_at(mut self, address: SocketAddr) -> Self {
        let made_from_listen = PublicUrl::of_listener(self.listen).as_ref() == Some(&self.public_url);
        if let (true, Some(url)) = (made_from_listen, PublicUrl::of_listener(address)) {
            self.public_url = url;
        }
        self.listen = address;
        self
    }

    /// Every setting in the table's order, for `doorward config`; secrets only as "(set)" or
    /// "(unset)". Tells what was loaded, whatever has been assigned to the fields since.
    pub fn describe(&self) -> &[Described] {
        &self.described
    }

    /// What is allowed but deserves a word.
    pub fn warnings(&self) -> Vec<ConfigWarning> {
        warnings::of(self)
    }
}

impl Default for Config {
    #[allow(clippy::expect_used, reason = "reads only the table in this program, which a test proves valid")]
    fn default() -> Self {
        Self::from_settings(&[]).expect("the defaults are valid")
    }
}
