//! Settings from environment variables. The caller passes the variables in.

use std::{
    ffi::{OsStr, OsString},
    path::PathBuf,
};

use super::raw::SettingEntry;
use super::source::SettingSource;
use crate::config::error::ConfigProblem;
use crate::config::setting::{ENV_PREFIX, Setting, env_name};
use crate::config::settings::SETTINGS;

/// What the variables set.
#[derive(Default)]
pub(crate) struct Environment {
    /// The file that `DOORWARD_CONFIG` names.
    pub(crate) config_file: Option<PathBuf>,
    pub(crate) entries: Vec<SettingEntry>,
    pub(crate) problems: Vec<ConfigProblem>,
}

/// Reads every variable with our prefix, in the order of their names.
pub(crate) fn read<E, K>(variables: E) -> Environment
where
    E: IntoIterator<Item = (K, OsString)>,
    K: Into<OsString>,
{
    let mut ours: Vec<_> = variables
        .into_iter()
        .map(|(name, value)| (name.into().to_string_lossy().into_owned(), value))
        .filter(|(name, _)| name.starts_with(ENV_PREFIX))
        .collect();
    ours.sort();

    let mut read = Environment::default();
    for (variable, value) in ours {
        if variable == "DOORWARD_CONFIG" {
            read.config_file = Some(value.into());
        } else if !is_service_link(&variable, &value) {
            match value.into_string() {
                Ok(text) => read.entries.push(entry(variable, text)),
                Err(_) => read.problems.push(ConfigProblem::NotText { variable }),
            }
        }
    }
    read
}

fn entry(variable: String, text: String) -> SettingEntry {
    let name = known_name(&variable).map_or_else(|| dotted(&variable), str::to_owned);
    SettingEntry { name, text, source: SettingSource::Environment(variable) }
}

/// The name, or the former name, of the setting that has this variable.
fn known_name(variable: &str) -> Option<&'static str> {
    SETTINGS.iter().flat_map(Setting::names).find(|name| env_name(name) == variable)
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

    fn is_ignored(variable: &str, value: &str) -> bool {
        let environment = read([(variable, OsString::from(value))]);
        environment.entries.is_empty() && environment.problems.is_empty()
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
    fn variables_without_the_prefix_are_ignored() {
        assert!(is_ignored("PATH", "/bin"));
        assert!(is_ignored("doorward_listen", "x"));
    }
}
