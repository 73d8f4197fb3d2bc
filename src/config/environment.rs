//! Settings from environment variables.
//!
//! Given the variables, never reads the process's own.

use std::{
    ffi::{OsStr, OsString},
    path::PathBuf,
};

use super::{
    error::ConfigProblem,
    settings::{PREFIX, SETTINGS},
    source::SettingSource,
    written::SettingEntry,
};

/// What the environment says.
#[derive(Default)]
pub(super) struct Environment {
    /// The file that `DOORWARD_CONFIG` names.
    pub(super) config_file: Option<PathBuf>,
    pub(super) entries: Vec<SettingEntry>,
    pub(super) problems: Vec<ConfigProblem>,
}

/// Takes every variable with our prefix, in the order of their names.
pub(super) fn read<E, K>(variables: E) -> Environment
where
    E: IntoIterator<Item = (K, OsString)>,
    K: Into<OsString>,
{
    let mut ours: Vec<_> = variables
        .into_iter()
        .map(|(name, value)| (name.into().to_string_lossy().into_owned(), value))
        .filter(|(name, _)| name.starts_with(PREFIX))
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
    let known = SETTINGS.iter().find(|setting| setting.env_name() == variable);
    let name = known.map_or_else(|| dotted(&variable), |setting| setting.name.to_owned());
    SettingEntry { name, text, origin: SettingSource::Environment(variable) }
}

/// The setting that an unknown variable most likely means.
fn dotted(variable: &str) -> String {
    let bare = variable.strip_prefix(PREFIX).unwrap_or(variable);
    bare.to_lowercase().replace("__", ".")
}

/// Whether Kubernetes made this variable for a service called `doorward` or `doorward-…`
/// (Kubernetes documentation, "Service", "Environment variables"). For the former, any value will
/// do; for the latter, only what is a service's beyond doubt.
fn is_service_link(variable: &str, value: &OsStr) -> bool {
    let Some(bare) = variable.strip_prefix(PREFIX) else {
        return false;
    };
    if SETTINGS.iter().any(|setting| setting.env_name() == variable) {
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

    fn passed_over(variable: &str, value: &str) -> bool {
        let found = read([(variable, OsString::from(value))]);
        found.entries.is_empty() && found.problems.is_empty()
    }

    #[test]
    fn variables_that_kubernetes_makes_are_passed_over() {
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
            assert!(passed_over(variable, value), "{variable}");
        }
    }

    #[test]
    fn no_setting_is_ever_passed_over() {
        for setting in SETTINGS {
            assert!(!passed_over(&setting.env_name(), "tcp://10.0.0.1:80"), "{}", setting.name);
        }
        assert!(!passed_over("DOORWARD_LISTEN_PORT", "80"));
    }

    #[test]
    fn variables_of_others_are_none_of_our_business() {
        assert!(passed_over("PATH", "/bin"));
        assert!(passed_over("doorward_listen", "x"));
    }
}
