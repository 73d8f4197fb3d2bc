//! Settings as text, before they are validated. No `Debug` here: the texts hold secrets.

use std::collections::BTreeMap;

use super::source::SettingSource;

/// A value as one source has it, before its name is known to be a setting's.
pub(crate) struct SettingEntry {
    /// The dotted name.
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) source: SettingSource,
}

/// The text in force for one setting.
#[derive(Clone)]
pub(crate) struct SettingValue {
    pub(crate) text: String,
    pub(crate) source: SettingSource,
    /// The former name of the setting, if the source used that.
    pub(crate) former_name: Option<&'static str>,
}

/// The texts in force by name; a setting without a default that no source sets is absent.
pub(crate) type RawSettings = BTreeMap<&'static str, SettingValue>;
