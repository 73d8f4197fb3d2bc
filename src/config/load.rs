//! Loading: layers the sources, validates the outcome, and checks settings against each other.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::time::Duration;

use super::described::{Described, DescribedSettings};
use super::error::{ConfigError, ConfigProblem};
use super::reader::{NoValue, SettingsReader};
use super::setting::{Setting, SettingSection};
use super::settings::{ApiConfig, Config, CookiesConfig, SETTINGS};
use super::sources::layers::{self, Flag, Sources};
use super::sources::raw::{RawSettings, SettingValue};
use super::sources::source::SettingSource;
use super::values::cookies::SameSite;
use super::values::logo_source;
use super::values::parse;
use super::values::path_prefix::PathPrefix;
use super::values::public_url::PublicUrl;
use super::warnings::{self, ConfigWarning};
use crate::types::{SigningKey, redact};

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
        let (raw, problems) = layers::gather(sources);
        validate(raw, problems)
    }

    /// The defaults with these (name, value) pairs over them; no file and no environment is read.
    pub fn from_settings(pairs: &[(&str, &str)]) -> Result<Self, ConfigError> {
        let flags = pairs.iter().map(|(name, text)| Flag::set(name, text));
        let (raw, problems) = layers::layer(Vec::new(), flags.collect());
        validate(raw, problems)
    }

    /// The same configuration with the port that the system chose (`listen` says 0): a public URL that was
    /// made from `listen` follows. [`Config::describe`] keeps the values that were loaded.
    #[must_use]
    pub fn listening_at(mut self, address: SocketAddr) -> Self {
        let made_from_listen = PublicUrl::of_listener(self.listen).as_ref() == Some(&self.public_url);
        if let (true, Some(url)) = (made_from_listen, PublicUrl::of_listener(address)) {
            self.public_url = url;
        }
        self.listen = address;
        self
    }

    /// Whether `public_url` is set, and not made from `listen`.
    pub(crate) fn sets_public_url(&self) -> bool {
        let is_set = |one: &Described| one.name == "public_url" && one.origin != SettingSource::Default;
        self.describe().iter().any(is_set)
    }

    /// Every setting in the order of the table; secrets only as "(set)" or "(unset)". These are the values
    /// that were loaded, also after a field was assigned to.
    pub fn describe(&self) -> &[Described] {
        &self.described.0
    }

    /// Settings that are valid and still doubtful.
    pub fn warnings(&self) -> Vec<ConfigWarning> {
        warnings::all(self)
    }
}

impl Default for Config {
    #[allow(clippy::expect_used, reason = "reads only the table in this program, which a test proves valid")]
    fn default() -> Self {
        Self::from_settings(&[]).expect("the defaults are valid")
    }
}

/// Validates the texts in force; `problems` are those of the sources.
fn validate(mut raw: RawSettings, mut problems: Vec<ConfigProblem>) -> Result<Config, ConfigError> {
    let underivable = derive_public_url(&mut raw);
    let mut reader = SettingsReader::new(&raw);
    let config = Config::read(&mut reader);
    check_cookies(&mut reader);
    check_signing_key(&mut reader);
    check_retention(&mut reader);
    check_dialects(&mut reader);
    check_rotation(&mut reader);
    problems.extend(reader.into_problems());
    problems.extend(underivable);
    match config {
        Ok(config) if problems.is_empty() => Ok(config),
        _ => Err(ConfigError::new(problems)),
    }
}

/// The public URL is the one setting whose default is made from another.
fn derive_public_url(raw: &mut RawSettings) -> Option<ConfigProblem> {
    if raw.contains_key("public_url") {
        return None;
    }
    // A bad `listen` is reported by itself.
    let listen = parse::listen(raw.get("listen")?.text.trim()).ok()?;
    let Some(url) = PublicUrl::of_listener(listen) else {
        return Some(ConfigProblem::Unset { name: "public_url", reason: "it cannot be made from listen" });
    };
    let value = SettingValue { text: url.to_string(), source: SettingSource::Default, former_name: None };
    raw.insert("public_url", value);
    None
}

/// Notes cookies that browsers would refuse, or that would be mixed up.
fn check_cookies(reader: &mut SettingsReader<'_>) {
    let Some(public_url) = reader.peek("public_url", PublicUrl::parse) else { return };
    // The problems of these settings are noted already.
    let Ok(cookies) = CookiesConfig::read(&mut SettingsReader::new(reader.raw())) else { return };
    if let Some((name, reason)) = cookies.conflict(&public_url) {
        reader.refuse(name, false, reason.to_owned());
    }
}

/// Notes a signing key that is too short, unless the operator insists on it.
fn check_signing_key(reader: &mut SettingsReader<'_>) {
    let insists = reader.peek("allow_short_signing_key", parse::switch).unwrap_or(false);
    let Some(value) = reader.raw().get("signing_key") else { return };
    let bytes = value.text.len();
    if !insists && (1..SigningKey::ADVISED_BYTES).contains(&bytes) {
        let reason = format!(
            "it has {bytes} bytes, and HS256 needs {} (RFC 7518 §3.2): make one with `openssl rand -base64 48`, \
             or set allow_short_signing_key = true",
            SigningKey::ADVISED_BYTES
        );
        reader.refuse("signing_key", true, reason);
    }
}

/// Notes a sweep of accounts that the audit log could not tell from others: their registration is known from
/// there.
fn check_retention(reader: &mut SettingsReader<'_>) {
    const NAME: &str = "registration.unconfirmed_retention";
    let length = |text: &str| parse::duration(text, Duration::ZERO..=Duration::MAX);
    let (unconfirmed, audit) = (reader.peek(NAME, length), reader.peek("audit.keep", length));
    if unconfirmed.zip(audit).is_some_and(|(unconfirmed, audit)| unconfirmed >= audit) {
        reader.refuse(NAME, false, "it must be shorter than audit.keep".to_owned());
    }
}

/// Notes endpoints of dj-rest-auth that would stand where others of this server are: both have `login`.
fn check_dialects(reader: &mut SettingsReader<'_>) {
    const NAME: &str = "api.dj_rest_auth";
    if reader.peek(NAME, PathPrefix::parse).is_some_and(|prefix| prefix.as_str() == "/api") {
        reader.refuse(NAME, false, "this server's own endpoints are there: choose another path".to_owned());
    }
}

impl ApiConfig {
    /// Whether a request's path is one of the API, those of the dialects included.
    pub(crate) fn has_path(&self, path: &str) -> bool {
        let dialects = [&self.djoser, &self.dj_rest_auth];
        path.starts_with("/api/") || dialects.into_iter().flatten().any(|prefix| prefix.contains(path))
    }
}

/// Notes a rotation that would begin before the one before it has ended.
fn check_rotation(reader: &mut SettingsReader<'_>) {
    const NAME: &str = "keys.rotate_every";
    let length = |text: &str| parse::duration(text, Duration::ZERO..=Duration::MAX);
    let (every, publish) = (reader.peek(NAME, length), reader.peek("keys.publish_for", length));
    if every.zip(publish).is_some_and(|(every, publish)| every <= publish) {
        reader.refuse(NAME, false, "it must be longer than keys.publish_for".to_owned());
    }
}

impl CookiesConfig {
    /// The setting that conflicts with others, and the reason.
    fn conflict(&self, url: &PublicUrl) -> Option<(&'static str, &'static str)> {
        let is_https = url.is_https();
        let names =
            [("cookies.access_name", &self.access_name), ("cookies.refresh_name", &self.refresh_name)];
        let prefixed =
            |prefix| names.iter().find(|(_, name)| name.starts_with(prefix)).map(|(setting, _)| *setting);
        let is_elsewhere = self.domain.as_deref().is_some_and(|domain| !is_within(url.host(), domain));
        if self.same_site == SameSite::None && !is_https {
            Some(("cookies.same_site", "browsers accept None only over TLS; public_url must be https"))
        } else if is_elsewhere {
            Some(("cookies.domain", "browsers refuse it, because public_url is not within it"))
        } else if let (true, Some((setting, reason))) = (self.host_prefix, self.unprefixable(is_https)) {
            Some((setting, reason))
        } else if let Some((setting, _)) = names.iter().find(|(_, name)| is_own_cookie(name)) {
            Some((setting, "cookies of the pages have names that begin with doorward_; choose another name"))
        } else if self.access_name == self.refresh_name {
            Some(("cookies.refresh_name", "the other cookie has the same name"))
        } else if let (Some(setting), false) = (prefixed("__Secure-"), is_https) {
            Some((setting, "browsers accept __Secure- only over TLS; public_url must be https"))
        } else if self.host_prefix {
            None
        } else if self.refresh_name.starts_with("__Host-") {
            Some(("cookies.refresh_name", "browsers accept __Host- only with the path /"))
        } else if let (Some(setting), true) = (prefixed("__Host-"), !is_https || self.domain.is_some()) {
            Some((setting, "browsers accept __Host- only over TLS and without cookies.domain"))
        } else {
            None
        }
    }
}

impl CookiesConfig {
    /// Why browsers would refuse the cookies with the prefix `__Host-` (RFC 6265bis §4.1.3.2), and the setting
    /// to change.
    fn unprefixable(&self, is_https: bool) -> Option<(&'static str, &'static str)> {
        let has_prefix = |name: &str| name.starts_with("__Host-") || name.starts_with("__Secure-");
        if !is_https {
            Some(("cookies.host_prefix", "browsers accept __Host- only over TLS; public_url must be https"))
        } else if self.domain.is_some() {
            Some((
                "cookies.host_prefix",
                "browsers accept __Host- only without a domain; unset cookies.domain",
            ))
        } else if has_prefix(&self.access_name) {
            Some(("cookies.access_name", "cookies.host_prefix adds the prefix; give the name without it"))
        } else if has_prefix(&self.refresh_name) {
            Some(("cookies.refresh_name", "cookies.host_prefix adds the prefix; give the name without it"))
        } else {
            None
        }
    }

    /// The name of the cookie with the access token.
    pub(crate) fn access_cookie(&self) -> String {
        self.prefixed(&self.access_name)
    }

    /// The name of the cookie with the refresh token.
    pub(crate) fn refresh_cookie(&self) -> String {
        self.prefixed(&self.refresh_name)
    }

    fn prefixed(&self, name: &str) -> String {
        if self.host_prefix { format!("__Host-{name}") } else { name.to_owned() }
    }
}

/// Whether pages may have a cookie of this name: that of the admin, of the language, and so on.
fn is_own_cookie(name: &str) -> bool {
    let bare = ["__Host-", "__Secure-"].iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name);
    bare.starts_with("doorward_")
}

/// Whether a host belongs to a domain (RFC 6265 §5.1.3).
fn is_within(host: &str, domain: &str) -> bool {
    host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

impl SettingSection for DescribedSettings {
    fn settings() -> Vec<Setting> {
        Vec::new()
    }

    fn read(reader: &mut SettingsReader<'_>) -> Result<Self, NoValue> {
        Ok(Self(SETTINGS.iter().map(|setting| described(setting, reader.raw())).collect()))
    }
}

/// The value of a setting without any secret in it, and its source.
pub(super) fn described(setting: &Setting, raw: &RawSettings) -> Described {
    let value = raw.get(setting.name);
    let text = match value {
        Some(_) if setting.is_secret => "(set)".to_owned(),
        Some(value) if value.text.trim().is_empty() => "(none)".to_owned(),
        Some(value) => logo_source::displayed(&value.text).unwrap_or_else(|| redact::redacted(&value.text)),
        None => "(unset)".to_owned(),
    };
    Described {
        name: setting.name,
        value: text,
        origin: value.map_or(SettingSource::Default, |value| value.source.clone()),
        former_name: value.and_then(|value| value.former_name),
    }
}
