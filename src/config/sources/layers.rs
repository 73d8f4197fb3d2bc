//! Layers the sources: default < file < environment < flags.
//!
//! The outcome is still text, with its source. Names that are no setting are noted as problems.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::raw::{RawSettings, SettingEntry, SettingValue};
use super::source::SettingSource;
use super::{environment, file};
use crate::config::error::ConfigProblem;
use crate::config::setting::{Setting, env_name};
use crate::config::settings::SETTINGS;

/// The sources of a configuration besides the defaults.
pub struct Sources<'a, E> {
    /// The value of `--config`.
    pub file: Option<PathBuf>,
    /// The working directory, where `doorward.toml` is looked for. Relative names start there.
    pub cwd: &'a Path,
    /// The environment, as `std::env::vars_os()` gives it.
    pub env: E,
    /// Settings given on the command line; a later one beats an earlier one.
    pub flags: Vec<Flag>,
}

/// A setting given on the command line.
pub struct Flag {
    typed: String,
    name: String,
    text: String,
}

impl Flag {
    /// A flag with the name of the setting, such as `--listen TEXT`.
    pub fn own(name: &str, text: &str) -> Self {
        let typed = format!("--{}", name.replace(['.', '_'], "-"));
        Self { typed, ..Self::set(name, text) }
    }

    /// `--set NAME=TEXT`.
    pub fn set(name: &str, text: &str) -> Self {
        Self { typed: "--set".to_owned(), name: name.to_owned(), text: text.to_owned() }
    }
}

/// The defaults of all settings that have one.
fn defaults() -> RawSettings {
    let values = SETTINGS.iter().filter_map(|setting| {
        let (text, source) = (setting.default?.to_owned(), SettingSource::Default);
        Some((setting.name, SettingValue { text, source, former_name: None }))
    });
    values.collect()
}

/// Reads all sources and lays them over the defaults.
pub(crate) fn gather<E, K>(sources: Sources<'_, E>) -> (RawSettings, Vec<ConfigProblem>)
where
    E: IntoIterator<Item = (K, OsString)>,
    K: Into<OsString>,
{
    let environment = environment::read(sources.env, sources.cwd);
    let file = file::find(sources.file, environment.config_file, sources.cwd);
    let (mut entries, mut problems) = file::read(file);
    entries.extend(environment.entries);
    problems.extend(environment.problems);
    let (raw, unknown) = layer(entries, sources.flags);
    problems.extend(unknown);
    (raw, problems)
}

/// Lays entries, weakest first, and then flags over the defaults.
pub(crate) fn layer(entries: Vec<SettingEntry>, flags: Vec<Flag>) -> (RawSettings, Vec<ConfigProblem>) {
    let mut raw = defaults();
    let mut problems = Vec::new();
    let flags = flags.into_iter().map(|flag| SettingEntry {
        name: flag.name,
        text: flag.text,
        source: SettingSource::Flag(flag.typed),
    });
    for SettingEntry { name, text, source } in entries.into_iter().chain(flags) {
        match Setting::named(&name) {
            Some(setting) => {
                let former_name = setting.former_name.filter(|former| *former == name);
                raw.insert(setting.name, SettingValue { text, source, former_name });
            }
            None => problems.push(unknown(name, source)),
        }
    }
    (raw, problems)
}

/// The problem of a name that is no setting, spelled as its source spells names.
fn unknown(name: String, source: SettingSource) -> ConfigProblem {
    let nearest = Setting::nearest(&name).map(|setting| setting.name.to_owned());
    match source {
        SettingSource::Environment(variable) => ConfigProblem::Unknown {
            name: variable,
            place: "the environment".to_owned(),
            nearest: nearest.as_deref().map(env_name),
        },
        _ => ConfigProblem::Unknown { name, place: source.to_string(), nearest },
    }
}
