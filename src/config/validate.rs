//! The second stage: from text to types that cannot hold a bad value.
//!
//! The one place that says what each setting means. Reads every setting before it gives up, so that
//! all problems are reported together.

use std::time::Duration;

use crate::types::{Password, redact};

use super::{
    AdminConfig, Colour, Config, ConfigError, ConfigProblem, CookiesConfig, CorsConfig, DatabaseConfig,
    DatabaseUrl, DatabaseUrlError, Described, HashCost, LimitsConfig, LogConfig, LogFormat, LogLevel,
    MailConfig, PasswordConfig, PublicUrl, RegistrationConfig, RegistrationMode, SETTINGS, SameSite, Sender,
    ServerConfig, Setting, SettingSource, SigningKey, SiteConfig, SmtpConfig, SmtpCredentials, SmtpTls,
    TokensConfig, WebOrigin, cookies,
    parse::{self, Parsed},
    written::RawSettings,
};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Validates what is written; `problems` are those already known.
pub(super) fn config(written: &RawSettings, problems: Vec<ConfigProblem>) -> Result<Config, ConfigError> {
    let mut reader = SettingsReader { written, problems };
    match reader.config() {
        Ok(config) if reader.problems.is_empty() => Ok(config),
        _ => Err(ConfigError::new(reader.problems)),
    }
}

fn database_url(text: &str) -> Parsed<DatabaseUrl> {
    text.parse().map_err(|error: DatabaseUrlError| error.to_string())
}

fn signing_key(text: &str) -> Parsed<SigningKey> {
    match text {
        "" => Err("it is empty; leave it unset to have a key made".to_owned()),
        _ => Ok(SigningKey::new(text.into())),
    }
}

/// More threads than this only help to exhaust the machine.
fn threads(text: &str) -> Parsed<usize> {
    parse::number(text, 0..=1024).map_err(|allowed| format!("{allowed}, 0 for one each core"))
}

/// A name or an address; that it is there is found out when it is called.
fn mail_host(text: &str) -> Parsed<String> {
    let is_host = url::Host::parse(text).is_ok() || text.parse::<std::net::IpAddr>().is_ok();
    is_host
        .then(|| text.to_owned())
        .ok_or_else(|| "expected the name of a server, such as smtp.example.com".to_owned())
}

/// Marks that a problem has been noted and there is no value.
struct Noted;

struct SettingsReader<'a> {
    written: &'a RawSettings,
    problems: Vec<ConfigProblem>,
}

impl SettingsReader<'_> {
    fn config(&mut self) -> Result<Config, Noted> {
        let listen = self.read("listen", parse::listen);
        let database_url = self.read("database_url", database_url);
        let signing_key = self.read_if_set("signing_key", signing_key);
        let public_url = self.read_if_set("public_url", PublicUrl::parse);
        let access_token_lifetime =
            self.read("access_token_lifetime", |text| parse::duration(text, SECOND..=DAY * 3650));
        let refresh_token_lifetime =
            self.read("refresh_token_lifetime", |text| parse::duration(text, SECOND..=DAY * 3650));
        let clock_leeway =
            self.read("clock_leeway", |text| parse::duration(text, Duration::ZERO..=MINUTE * 10));
        let tokens = self.tokens();
        let trusted_proxies = self.read("trusted_proxies", |text| parse::list(text, parse::network));
        let cookies = self.cookies();
        let database = self.database();
        let password = self.password();
        let registration = self.registration();
        let limits = self.limits();
        let admin = self.admin();
        let cors = self.cors();
        let site = self.site();
        let mail = self.mail();
        let log = self.log();
        let server = self.server();

        let listen = listen?;
        let public_url = match public_url? {
            Some(url) => url,
            None => PublicUrl::of_listener(listen)
                .ok_or_else(|| self.unset("public_url", "it cannot be made from listen"))?,
        };
        let cookies = cookies?;
        if let Some((name, reason)) = cookies.conflict(&public_url) {
            return Err(self.conflict(name, reason));
        }
        Ok(Config {
            described: self.describe(&public_url),
            listen,
            database_url: database_url?,
            signing_key: signing_key?,
            public_url,
            access_token_lifetime: access_token_lifetime?,
            refresh_token_lifetime: refresh_token_lifetime?,
            clock_leeway: clock_leeway?,
            tokens: tokens?,
            cookies,
            database: database?,
            password: password?,
            registration: registration?,
            limits: limits?,
            trusted_proxies: trusted_proxies?,
            admin: admin?,
            cors: cors?,
            site: site?,
            mail: mail?,
            log: log?,
            server: server?,
        })
    }

    fn tokens(&mut self) -> Result<TokensConfig, Noted> {
        let rotate_refresh = self.read("tokens.rotate_refresh", parse::switch);
        let reuse_grace =
            self.read("tokens.reuse_grace", |text| parse::duration(text, Duration::ZERO..=MINUTE * 10));
        Ok(TokensConfig { rotate_refresh: rotate_refresh?, reuse_grace: reuse_grace? })
    }

    fn cookies(&mut self) -> Result<CookiesConfig, Noted> {
        let access_name = self.read("cookies.access_name", cookies::name);
        let refresh = self.read("cookies.refresh", parse::switch);
        let refresh_name = self.read("cookies.refresh_name", cookies::name);
        let domain = self.read_if_set("cookies.domain", cookies::domain);
        let same_site = self.read("cookies.same_site", SameSite::parse);
        Ok(CookiesConfig {
            access_name: access_name?,
            refresh: refresh?,
            refresh_name: refresh_name?,
            domain: domain?,
            same_site: same_site?,
        })
    }

    fn database(&mut self) -> Result<DatabaseConfig, Noted> {
        let limit = |text: &str| parse::duration(text, SECOND..=HOUR);
        let pool = self.read("database.pool", |text| parse::number(text, 1..=1000));
        // libpq takes anything shorter than two seconds for two.
        let connect_timeout =
            self.read("database.connect_timeout", |text| parse::duration(text, SECOND * 2..=HOUR));
        let statement_timeout = self.read("database.statement_timeout", limit);
        let wait_for = self.read("database.wait_for", |text| parse::duration(text, Duration::ZERO..=DAY));
        Ok(DatabaseConfig {
            pool: pool?,
            connect_timeout: connect_timeout?,
            statement_timeout: statement_timeout?,
            wait_for: wait_for?,
        })
    }

    fn password(&mut self) -> Result<PasswordConfig, Noted> {
        let cost = self.read("password.cost", HashCost::parse);
        let threads = self.read("password.threads", threads);
        let queue = self.read("password.queue", |text| parse::number(text, 1..=100_000));
        let max_wait = self.read("password.max_wait", |text| parse::duration(text, SECOND..=HOUR));
        Ok(PasswordConfig { cost: cost?, threads: threads?, queue: queue?, max_wait: max_wait? })
    }

    fn registration(&mut self) -> Result<RegistrationConfig, Noted> {
        let mode = self.read("registration.mode", RegistrationMode::parse);
        let hide_existing = self.read("registration.hide_existing", parse::switch);
        Ok(RegistrationConfig { mode: mode?, hide_existing: hide_existing? })
    }

    fn limits(&mut self) -> Result<LimitsConfig, Noted> {
        let count = |text: &str| parse::number(text, 1..=1_000_000);
        let window = |text: &str| parse::duration(text, SECOND..=DAY);
        let enabled = self.read("limits.enabled", parse::switch);
        let failures_per_account = self.read("limits.failed_logins_per_account", count);
        let failures_per_address = self.read("limits.failed_logins_per_address", count);
        let bad_tokens = self.read("limits.bad_tokens_per_address", count);
        let failures_window = self.read("limits.failed_logins_window", window);
        let registrations_per_account = self.read("limits.registrations_per_account", count);
        let registrations_per_address = self.read("limits.registrations_per_address", count);
        let registrations_window = self.read("limits.registrations_window", window);
        let mails_per_account = self.read("limits.mails_per_account", count);
        let mails_per_address = self.read("limits.mails_per_address", count);
        let mails_window = self.read("limits.mails_window", window);
        let body = self.read("limits.body", |text| parse::size(text, 1 << 10..=1 << 30));
        Ok(LimitsConfig {
            enabled: enabled?,
            failed_logins_per_account: failures_per_account?,
            failed_logins_per_address: failures_per_address?,
            bad_tokens_per_address: bad_tokens?,
            failed_logins_window: failures_window?,
            registrations_per_account: registrations_per_account?,
            registrations_per_address: registrations_per_address?,
            registrations_window: registrations_window?,
            mails_per_account: mails_per_account?,
            mails_per_address: mails_per_address?,
            mails_window: mails_window?,
            body: body?,
        })
    }

    fn admin(&mut self) -> Result<AdminConfig, Noted> {
        let span = |text: &str| parse::duration(text, SECOND..=DAY * 365);
        let session_lifetime = self.read("admin.session_lifetime", span);
        let session_idle_timeout = self.read("admin.session_idle_timeout", span);
        let password_again_after = self.read("admin.password_again_after", span);
        Ok(AdminConfig {
            session_lifetime: session_lifetime?,
            session_idle_timeout: session_idle_timeout?,
            password_again_after: password_again_after?,
        })
    }

    fn cors(&mut self) -> Result<CorsConfig, Noted> {
        let allowed_origins =
            self.read("cors.allowed_origins", |text| parse::list(text, WebOrigin::parse_allowed));
        Ok(CorsConfig { allowed_origins: allowed_origins? })
    }

    fn site(&mut self) -> Result<SiteConfig, Noted> {
        let name = self.read("site.name", |text| parse::line(text, 1..=60));
        let colour = self.read("site.colour", Colour::parse);
        Ok(SiteConfig { name: name?, colour: colour? })
    }

    fn mail(&mut self) -> Result<MailConfig, Noted> {
        let from = self.read_if_set("mail.from", Sender::parse);
        let templates = self.read_if_set("mail.templates", parse::path);
        let attempts = self.read("mail.attempts", |text| parse::number(text, 1..=1000));
        let keep = self.read("mail.keep", |text| parse::duration(text, Duration::ZERO..=DAY * 3650));
        let from = from?;
        let smtp = self.smtp(from.as_ref());
        Ok(MailConfig { from, templates: templates?, attempts: attempts?, keep: keep?, smtp: smtp? })
    }

    /// The mail server, if one is named.
    fn smtp(&mut self, from: Option<&Sender>) -> Result<Option<SmtpConfig>, Noted> {
        let host = self.read_if_set("mail.smtp.host", mail_host);
        let port = self.read_if_set("mail.smtp.port", |text| parse::number(text, 1..=u16::MAX));
        let tls = self.read("mail.smtp.tls", SmtpTls::parse);
        let timeout = self.read("mail.smtp.timeout", |text| parse::duration(text, SECOND..=HOUR));
        let ca_file = self.read_if_set("mail.smtp.ca_file", parse::path);
        let credentials = self.smtp_credentials();

        let (port, tls, timeout, ca_file) = (port?, tls?, timeout?, ca_file?);
        let (Some(host), credentials) = (host?, credentials?) else { return Ok(None) };
        let from = from.cloned().ok_or_else(|| self.unset("mail.from", "every mail needs a sender"))?;
        let port = port.unwrap_or_else(|| tls.usual_port());
        Ok(Some(SmtpConfig { host, port, tls, credentials, timeout, ca_file, from }))
    }

    /// Both or none.
    fn smtp_credentials(&mut self) -> Result<Option<SmtpCredentials>, Noted> {
        let username = self.read_if_set("mail.smtp.username", |text| parse::line(text, 1..=255));
        let password = self.read_if_set("mail.smtp.password", |text| Ok(Password::new(text.to_owned())));
        match (username?, password?) {
            (Some(username), Some(password)) => Ok(Some(SmtpCredentials { username, password })),
            (Some(_), None) => Err(self.unset("mail.smtp.password", "mail.smtp.username is set")),
            (None, Some(_)) => Err(self.unset("mail.smtp.username", "mail.smtp.password is set")),
            (None, None) => Ok(None),
        }
    }

    fn log(&mut self) -> Result<LogConfig, Noted> {
        let level = self.read("log.level", LogLevel::parse);
        let format = self.read("log.format", LogFormat::parse);
        Ok(LogConfig { level: level?, format: format? })
    }

    fn server(&mut self) -> Result<ServerConfig, Noted> {
        let workers = self.read("server.workers", threads);
        let shutdown_timeout =
            self.read("server.shutdown_timeout", |text| parse::duration(text, Duration::ZERO..=HOUR));
        Ok(ServerConfig { workers: workers?, shutdown_timeout: shutdown_timeout? })
    }

    /// The value of a setting that has a default.
    fn read<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Parsed<T>) -> Result<T, Noted> {
        match self.read_if_set(name, parse)? {
            Some(value) => Ok(value),
            None => Err(self.unset(name, "it has no default")),
        }
    }

    /// The value of a setting, or `None` where nobody set it. A secret is taken to the letter, any
    /// other text without the blanks around it.
    fn read_if_set<T>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&str) -> Parsed<T>,
    ) -> Result<Option<T>, Noted> {
        let (Some(setting), Some(value)) = (Setting::named(name), self.written.get(name)) else {
            return Ok(None);
        };
        let (text, shown) = match setting.secret {
            true => (value.text.as_str(), None),
            false => (value.text.trim(), Some(redact::redacted(&value.text))),
        };
        parse(text).map(Some).map_err(|allowed| {
            let (name, origin) = (setting.name, value.origin.clone());
            self.problems.push(ConfigProblem::Invalid { name, origin, shown, allowed });
            Noted
        })
    }

    /// Notes that a value does not go with another one.
    fn conflict(&mut self, name: &str, reason: &str) -> Noted {
        if let (Some(setting), Some(value)) = (Setting::named(name), self.written.get(name)) {
            let (name, origin, allowed) = (setting.name, value.origin.clone(), reason.to_owned());
            let shown = Some(redact::redacted(&value.text));
            self.problems.push(ConfigProblem::Invalid { name, origin, shown, allowed });
        }
        Noted
    }

    fn unset(&mut self, name: &str, reason: &'static str) -> Noted {
        let name = Setting::named(name).map_or("", |setting| setting.name);
        self.problems.push(ConfigProblem::Unset { name, reason });
        Noted
    }

    /// A line for every setting. The public URL is the one value that is made from another.
    fn describe(&self, public_url: &PublicUrl) -> Vec<Described> {
        let line = |setting: &Setting| {
            let value = self.written.get(setting.name);
            let text = match value {
                Some(_) if setting.secret => "(set)".to_owned(),
                Some(value) if value.text.trim().is_empty() => "(none)".to_owned(),
                Some(value) => redact::redacted(&value.text),
                None if setting.name == "public_url" => public_url.to_string(),
                None => "(unset)".to_owned(),
            };
            let origin = value.map_or(SettingSource::Default, |value| value.origin.clone());
            Described { name: setting.name, value: text, origin }
        };
        SETTINGS.iter().map(line).collect()
    }
}
