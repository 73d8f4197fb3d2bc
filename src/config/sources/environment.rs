//! Settings from environment variables, and from files that variables name. The caller passes the variables
//! in.
//!
//! A variable without a value counts as unset, as container files write `VARIABLE=${MAYBE}`. The variable of a
//! setting with `_FILE` behind it names a file that has the value, as Docker and Kubernetes mount secrets.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::raw::SettingEntry;
use super::source::SettingSource;
use crate::config::error::ConfigProblem;
use crate::config::setting::{ENV_PREFIX, Setting, env_name};
use crate::config::settings::SETTINGS;

/// What the name of a variable ends with that names a file.
const FILE_SUFFIX: &str = "_FILE";

/// The most bytes of such a file: no setting is that long.
const MAX_FILE: u64 = 64 * 1024;

/// What the variables set.
#[derive(Default)]
pub(crate) struct Environment {
    /// The file that `DOORWARD_CONFIG` names.
    pub(crate) config_file: Option<PathBuf>,
    pub(crate) entries: Vec<SettingEntry>,
    pub(crate) problems: Vec<ConfigProblem>,
}

/// Reads every variable with our prefix that has a value, in the order of their names. `cwd` is where relative
/// names of files start.
pub(crate) fn read<E, K>(variables: E, cwd: &Path) -> Environment
where
    E: IntoIterator<Item = (K, OsString)>,
    K: Into<OsString>,
{
    let mut ours: Vec<_> = variables
        .into_iter()
        .map(|(name, value)| (name.into().to_string_lossy().into_owned(), value))
        .filter(|(name, value)| name.starts_with(ENV_PREFIX) && !value.is_empty())
        .collect();
    ours.sort();
    let names: BTreeSet<String> = ours.iter().map(|(name, _)| name.clone()).collect();

    let mut read = Environment::default();
    for (variable, value) in ours {
        if variable == "DOORWARD_CONFIG" {
            read.config_file = Some(value.into());
        } else if let Some(setting) = setting_of_file(&variable).map(str::to_owned) {
            if names.contains(&setting) {
                read.problems.push(ConfigProblem::TwoVariables { variable: setting.clone() });
            }
            let path = cwd.join(&value);
            match content(&path) {
                Ok(text) => {
                    let source = SettingSource::ValueFile { variable, path };
                    read.entries.push(entry(&setting, text, source));
                }
                Err(reason) => {
                    let path = value.into();
                    read.problems.push(ConfigProblem::UnreadableValue { path, variable, reason });
                }
            }
        } else if !is_service_link(&variable, &value) {
            match value.into_string() {
                Ok(text) => {
                    // A file of variables with the line ends of Windows leaves a CR.
                    let text = text.trim_end_matches(['\r', '\n']).to_owned();
                    if text.is_empty() {
                        continue;
                    }
                    let source = SettingSource::Environment(variable.clone());
                    read.entries.push(entry(&variable, text, source));
                }
                Err(_) => read.problems.push(ConfigProblem::NotText { variable }),
            }
        }
    }
    read
}

/// The variable of the setting whose value is in the file that `variable` names.
fn setting_of_file(variable: &str) -> Option<&str> {
    let setting = variable.strip_suffix(FILE_SUFFIX)?;
    (known_name(variable).is_none() && known_name(setting).is_some()).then_some(setting)
}

/// The text of a file that holds one value: without a byte order mark, and without the line break that editors
/// and `echo` put at its end.
fn content(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(MAX_FILE + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MAX_FILE {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "the file is too long for a setting"));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    if text.is_empty() {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the file is empty"));
    }
    Ok(text.to_owned())
}

/// The setting of `variable`.
fn entry(variable: &str, text: String, source: SettingSource) -> SettingEntry {
    let name = known_name(variable).map_or_else(|| dotted(variable), str::to_owned);
    SettingEntry { name, text, source }
}

/// The name of the setting that has this variable, its former name, or what is short for it.
fn known_name(variable: &str) -> Option<&'static str> {
    let short = SETTINGS.iter().filter_map(|setting| setting.name.strip_suffix(".mode"));
    SETTINGS.iter().flat_map(Setting::names).chain(short).find(|name| env_name(name) == variable)
}

/// The setting that an unknown variable most likely means.
fn dotted(variable: &str) -> String {
    let bare = variable.strip_prefix(ENV_PREFIX).unwrap_or(variable);
    bare.to_lowercase().replace("__", ".")
}

/// Whether Kubernetes made this variable for a service called `doorward` or `doorward-…`
/// (Kubernetes documentation, "Service", "Environment variables"). The name alone decides for the former;
/// for the latter, name and value must leave no doubt.
fn is_service_link(variable: &str, value: &OsStr) -> bool {
    let Some(bare) = variable.strip_prefix(ENV_PREFIX) else {
        return false;
    };
    if known_name(variable).is_some() {
        return false;
    }
    let own = bare == "PORT" || bare.starts_with("PORT_") || bare.starts_with("SERVICE_");
    let host = bare.ends_with("_SERVICE_HOST") || bare.contains("_SERVICE_PORT");
    let port = bare.ends_with("_PORT") && value.to_string_lossy().contains("://");
    own || host || port || bare.split_once("_PORT_").is_some_and(|(_, rest)| is_port(rest))
}

/// `5432_TCP`, `5432_TCP_ADDR` and the like.
fn is_port(rest: &str) -> bool {
    let mut words = rest.split('_');
    let number = words.next().is_some_and(|word| word.parse::<u16>().is_ok());
    number && matches!(words.next(), Some("TCP" | "UDP" | "SCTP"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_one(variable: &str, value: &str) -> Environment {
        read([(variable, OsString::from(value))], Path::new("/nonexistent"))
    }

    fn is_ignored(variable: &str, value: &str) -> bool {
        let environment = read_one(variable, value);
        environment.entries.is_empty() && environment.problems.is_empty()
    }

    #[test]
    fn a_file_may_have_the_value_of_a_setting_by_its_short_name() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "closed\n").unwrap();
        let environment = read_one("DOORWARD_REGISTRATION_FILE", file.path().to_str().unwrap());
        let [entry] = environment.entries.as_slice() else { panic!("one entry") };
        assert_eq!((entry.name.as_str(), entry.text.as_str()), ("registration", "closed"));
    }

    #[test]
    fn a_line_end_after_a_value_is_ignored() {
        for (value, text) in
            [("My Site\r", Some("My Site")), ("a\r\n", Some("a")), ("\r", None), ("a ", Some("a "))]
        {
            let environment = read_one("DOORWARD_SITE__NAME", value);
            assert_eq!(environment.entries.first().map(|entry| entry.text.as_str()), text, "{value:?}");
        }
    }

    #[test]
    fn variables_made_by_kubernetes_are_ignored() {
        let links = [
            ("DOORWARD_SERVICE_HOST", "10.0.0.1"),
            ("DOORWARD_SERVICE_PORT", "80"),
            ("DOORWARD_SERVICE_PORT_HTTP", "80"),
            ("DOORWARD_PORT", "tcp://10.0.0.1:80"),
            ("DOORWARD_PORT_80_TCP_ADDR", "10.0.0.1"),
            ("DOORWARD_POSTGRESQL_SERVICE_HOST", "10.0.0.2"),
            ("DOORWARD_POSTGRESQL_SERVICE_PORT_TCP_POSTGRESQL", "5432"),
            ("DOORWARD_POSTGRESQL_PORT", "tcp://10.0.0.2:5432"),
            ("DOORWARD_POSTGRESQL_PORT_5432_TCP", "tcp://10.0.0.2:5432"),
        ];
        for (variable, value) in links {
            assert!(is_ignored(variable, value), "{variable}");
        }
    }

    #[test]
    fn no_setting_is_ignored() {
        for setting in SETTINGS.iter() {
            assert!(!is_ignored(&setting.env_name(), "tcp://10.0.0.1:80"), "{}", setting.name);
        }
        assert!(!is_ignored("DOORWARD_LISTEN_PORT", "80"));
    }

    #[test]
    fn a_variable_without_a_value_is_unset_whatever_its_name() {
        for setting in SETTINGS.iter() {
            assert!(is_ignored(&setting.env_name(), ""), "{}", setting.name);
        }
        assert!(is_ignored("DOORWARD_NO_SUCH_SETTING", ""));
        assert!(read_one("DOORWARD_CONFIG", "").config_file.is_none());
    }

    #[test]
    fn every_setting_can_come_from_a_file_and_one_that_ends_with_file_keeps_its_name() {
        for setting in SETTINGS.iter() {
            let variable = format!("{}_FILE", setting.env_name());
            assert_eq!(setting_of_file(&variable), Some(&*setting.env_name()));
            let missing = read_one(&variable, "missing");
            assert_eq!((missing.entries.len(), missing.problems.len()), (0, 1), "{variable}");
        }
        assert_eq!(setting_of_file("DOORWARD_MAIL__SMTP__CA_FILE"), None);
        assert_eq!(setting_of_file("DOORWARD_NO_SUCH_SETTING_FILE"), None);
    }

    #[test]
    fn variables_without_the_prefix_are_ignored() {
        assert!(is_ignored("PATH", "/bin"));
        assert!(is_ignored("doorward_listen", "x"));
    }
}
