//! The settings that administrators change in the admin. Their texts are stored in the database and lie between
//! the defaults and the file. The text of a setting is read by the same parser, wherever it comes from.

use super::described::{ChangeableTexts, DescribedSettings};
use super::error::ConfigError;
use super::load;
use super::reader::{NoValue, SettingsReader};
use super::setting::{Setting, SettingSection};
use super::settings::{Config, MailConfig, SETTINGS, SiteConfig};
use super::sources::raw::SettingValue;
use super::sources::source::SettingSource;

/// The sections that administrators can change.
const SECTIONS: [&str; 2] = ["site.", "mail."];

/// Settings of these sections that name files of the machine: they are the operator's.
const FILES: [&str; 2] = ["mail.templates", "mail.smtp.ca_file"];

impl SettingSection for ChangeableTexts {
    fn settings() -> Vec<Setting> {
        Vec::new()
    }

    fn read(reader: &mut SettingsReader<'_>) -> Result<Self, NoValue> {
        let texts = reader.raw().iter().filter(|(name, _)| is_in_sections(name));
        Ok(Self(texts.map(|(name, value)| (*name, value.clone())).collect()))
    }
}

/// Refuses the name of a file as the logo: administrators upload an image, and may not read files of the machine.
fn refuse_stored_file(reader: &mut SettingsReader<'_>, site: Option<&SiteConfig>) {
    let is_stored = |value: &SettingValue| value.source == SettingSource::Database;
    let is_file = site.and_then(|site| site.logo.as_ref()).is_some_and(|logo| logo.file().is_some());
    if is_file && reader.raw().get("site.logo").is_some_and(is_stored) {
        reader.refuse("site.logo", false, "expected an uploaded image".to_owned());
    }
}

fn is_in_sections(name: &str) -> bool {
    SECTIONS.iter().any(|section| name.starts_with(section))
}

impl Setting {
    /// Whether administrators can change it in the admin.
    pub(crate) fn is_changeable(&self) -> bool {
        is_in_sections(self.name) && !FILES.contains(&self.name)
    }
}

impl Config {
    /// The same configuration with stored settings (name and text) over the defaults. What file, environment or
    /// flags set stays. A name that cannot be stored is ignored: another version may know it.
    ///
    /// # Errors
    /// All problems at once, as [`Config::load`].
    pub(crate) fn with_stored(&self, stored: &[(String, String)]) -> Result<Self, ConfigError> {
        let mut raw = self.changeable.0.clone();
        let known = stored.iter().filter_map(|(name, text)| Some((Setting::named(name)?, text)));
        for (setting, text) in known.filter(|(setting, _)| setting.is_changeable() && !self.fixes(setting)) {
            let value =
                SettingValue { text: text.clone(), source: SettingSource::Database, former_name: None };
            raw.insert(setting.name, value);
        }
        let mut reader = SettingsReader::new(&raw);
        let (site, mail) = (SiteConfig::read(&mut reader), MailConfig::read(&mut reader));
        refuse_stored_file(&mut reader, site.as_ref().ok());
        let problems = reader.into_problems();
        match (site, mail) {
            (Ok(site), Ok(mail)) if problems.is_empty() => {
                let described = self.describe().iter().zip(SETTINGS.iter());
                let described = described.map(|(line, setting)| match is_in_sections(setting.name) {
                    true => load::described(setting, &raw),
                    false => line.clone(),
                });
                let described = DescribedSettings(described.collect());
                Ok(Self { site, mail, described, ..self.clone() })
            }
            _ => Err(ConfigError::new(problems)),
        }
    }

    /// Whether file, environment or flags set it, so that no stored value counts.
    pub(crate) fn fixes(&self, setting: &Setting) -> bool {
        self.changeable.0.get(setting.name).is_some_and(|value| value.source != SettingSource::Default)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    fn line<'a>(config: &'a Config, name: &str) -> (&'a str, &'a SettingSource) {
        let line = config.describe().iter().find(|line| line.name == name).unwrap();
        (line.value.as_str(), &line.origin)
    }

    #[test]
    fn a_stored_setting_beats_the_default_and_nothing_else() {
        let start = Config::from_settings(&[("site.name", "Fixed")]).unwrap();
        let settings = stored(&[("site.name", "Stored"), ("site.colour", "#123456")]);
        let config = start.with_stored(&settings).unwrap();
        assert_eq!(
            (config.site.name.as_str(), config.site.colour.to_string().as_str()),
            ("Fixed", "#123456")
        );
        assert!(matches!(line(&config, "site.name"), ("Fixed", SettingSource::Flag(_))));
        assert_eq!(line(&config, "site.colour"), ("#123456", &SettingSource::Database));
        let back = config.with_stored(&[]).unwrap();
        assert_eq!(line(&back, "site.colour").1, &SettingSource::Default, "the start is what it is based on");
    }

    #[test]
    fn other_settings_and_files_of_the_machine_cannot_be_stored() {
        let settings = stored(&[
            ("mail.templates", "/etc"),
            ("mail.smtp.ca_file", "/etc/passwd"),
            ("password.cost", "31"),
            ("listen", "0.0.0.0:1"),
            ("site.of_a_later_version", "x"),
        ]);
        let config = Config::default().with_stored(&settings).unwrap();
        assert!(config.describe().iter().all(|line| line.origin == SettingSource::Default));
        assert!(config.mail.templates.is_none());
    }

    #[test]
    fn a_stored_setting_is_checked_as_one_in_the_file_and_together_with_it() {
        let refused = |pairs| Config::default().with_stored(&stored(pairs)).unwrap_err().to_string();
        assert!(refused(&[("site.colour", "red")]).contains("invalid `site.colour` in database: `red`"));
        assert!(refused(&[("mail.smtp.host", "mx.example.com")]).contains("`mail.from` must be set"));
        let secret = refused(&[("mail.smtp.password", "hunter2-hunter2")]);
        assert!(
            secret.contains("`mail.smtp.username` must be set") && !secret.contains("hunter2"),
            "{secret}"
        );
        let start = Config::from_settings(&[("mail.from", "a@example.com")]).unwrap();
        let config = start.with_stored(&stored(&[("mail.smtp.host", "mx.example.com")])).unwrap();
        assert_eq!(config.mail.smtp.unwrap().host, "mx.example.com");
    }

    #[test]
    fn no_secret_is_in_the_debug_output() {
        let start = Config::from_settings(&[
            ("mail.smtp.username", "doorward"),
            ("mail.smtp.password", "hunter2-hunter2"),
        ]);
        assert!(!format!("{:?}", start.unwrap()).contains("hunter2"));
    }
}
