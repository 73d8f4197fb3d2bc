//! The configuration: the settings that an operator writes, validated.
//!
//! `sources` layers default < file < environment < flags as text. `load` turns that into a [`Config`],
//! whose types cannot hold a bad value. `settings` declares each setting once. `cli` loads a `Config` and
//! passes it on; nothing here is global, and nothing here reads the process environment or the clock.

mod described;
mod documents;
mod error;
mod load;
mod reader;
mod setting;
mod setting_types;
mod settings;
mod smtp_section;
mod sources;
mod stored;
mod values;
mod warnings;

#[cfg(test)]
mod tests;

pub(crate) use described::Described;
pub(crate) use documents::{changed_toml, example_toml, settings_table};
pub(crate) use error::{ConfigError, ConfigProblem};
pub(crate) use setting::Setting;
pub use settings::{Config, SETTINGS};
pub(crate) use settings::{LimitsConfig, LogConfig, PasswordConfig, SiteConfig, TokensConfig};
pub(crate) use sources::layers::{Flag, Sources};
pub(crate) use sources::source::SettingSource;
pub(crate) use values::account_part::AccountPart;
pub(crate) use values::auth_header_type::AuthHeaderType;
pub(crate) use values::colour::Colour;
pub(crate) use values::cookies::SameSite;
pub(crate) use values::link_pattern::LinkPattern;
pub(crate) use values::logging::{LogFormat, LogLevel};
pub(crate) use values::logo_source::{LogoSource, displayed_size as displayed_image_size};
pub(crate) use values::page_url::PageUrl;
pub(crate) use values::parse::{duration as parse_duration, network as parse_network};
pub(crate) use values::public_url::PublicUrl;
pub(crate) use values::registration::RegistrationMode;
pub(crate) use values::sender::Sender;
pub(crate) use values::smtp::{SmtpConfig, SmtpTls};
pub(crate) use values::token_claim::TokenClaim;
pub(crate) use warnings::ConfigWarning;
