//! The first stage: what was written, and where.
//!
//! Lays default, file, environment and flags over each other, still as text, and notes the names
//! that are no setting. `validate` reads the outcome. No `Debug` here: the texts hold secrets.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    path::{Path, PathBuf},
};

use super::{
    environment,
    error::ConfigProblem,
    file,
    settings::{self, SETTINGS, Setting},
    source::SettingSource,
};

/// Everything a configuration may come from besides the defaults.
pub struct Sources<'a, E> {
    /// The file that `--config` names, if it does.
    pub file: Option<PathBuf>,
    /// The working directory: where `doorward.toml` is looked for and relative names start.
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
    /// A flag of the setting's own name, such as `--listen TEXT`.
    pub fn own(name: &str, text: &str) -> Self {
        let typed = format!("--{}", name.replace(['.', '_'], "-"));
        Self { typed, ..Self::set(name, text) }
    }

    /// `--set NAME=TEXT`.
    pub fn set(name: &str, text: &str) -> Self {
        Self { typed: "--set".to_owned(), name: name.to_owned(), text: text.to_owned() }
    }
}

/// A value as one source has it, before its name is known to be a setting's.
pub(super) struct SettingEntry {
    /// The dotted name.
    pub(super) name: String,
    pub(super) text: String,
    pub(super) origin: SettingSource,
}

/// The text in force for one setting.
pub(super) struct SettingValue {
    pub(super) text: String,
    pub(super) origin: SettingSource,
}

/// The texts in force; a setting without default that nobody set is absent.
pub(super) struct RawSettings(BTreeMap<&'static str, SettingValue>);

impl RawSettings {
    fn defaults() -> Self {
        let values = SETTINGS.iter().filter_map(|setting| {
            let (text, origin) = (setting.default?.to_owned(), SettingSource::Default);
            Some((setting.name, SettingValue { text, origin }))
        });
        Self(values.collect())
    }

    pub(super) fn get(&self, name: &str) -> Option<&SettingValue> {
        self.0.get(name)
    }
}

/// Reads all sources and lays them over the defaults.
pub(super) fn gather<E, K>(sources: Sources<'_, E>) -> (RawSettings, Vec<ConfigProblem>)
where
    E: IntoIterator<Item = (K, OsString)>,
    K: Into<OsString>,
{
    let environment = environment::read(sources.env);
    let file = file::find(sources.file, environment.config_file, sources.cwd);
    let (mut entries, mut problems) = file::read(file);
    entries.extend(environment.entries);
    problems.extend(environment.problems);
    let (written, unknown) = layer(entries, sources.flags);
    problems.extend(unknown);
    (written, problems)
}

/// Lays entries, weakest first, and then flags over the defaults.
pub(super) fn layer(entries: Vec<SettingEntry>, flags: Vec<Flag>) -> (RawSettings, Vec<ConfigProblem>) {
    let mut written = RawSettings::defaults();
    let mut problems = Vec::new();
    let flags = flags.into_iter().map(|flag| SettingEntry {
        name: flag.name,
        text: flag.text,
        origin: SettingSource::Flag(flag.typed),
    });
    for SettingEntry { name, text, origin } in entries.into_iter().chain(flags) {
        match Setting::named(&name) {
            Some(setting) => {
                written.0.insert(setting.name, SettingValue { text, origin });
            }
            None => problems.push(unknown(name, origin)),
        }
    }
    (written, problems)
}

/// The complaint about a name that is no setting, spelled as its source spells names.
fn unknown(name: String, origin: SettingSource) -> ConfigProblem {
    let nearest = Setting::nearest(&name).map(|setting| setting.name.to_owned());
    match origin {
        SettingSource::Environment(variable) => ConfigProblem::Unknown {
            name: variable,
            place: "the environment".to_owned(),
            nearest: nearest.as_deref().map(settings::env_name),
        },
        _ => ConfigProblem::Unknown { name, place: origin.to_string(), nearest },
    }
}
