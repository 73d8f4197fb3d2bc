//! The settings in force, ready to be printed, and the texts that stored settings lie over.

use std::fmt;

use super::sources::raw::RawSettings;
use super::sources::source::SettingSource;

/// One line of `doorward config`: the value of a setting without any secret in it, and its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// The dotted name of the setting.
    pub name: &'static str,
    /// The value in force as it was written.
    pub value: String,
    /// Where the value came from.
    pub origin: SettingSource,
    /// The former name of the setting, if the source used that.
    pub former_name: Option<&'static str>,
}

impl Described {
    /// Whether the value is not the default.
    pub(crate) fn is_changed(&self) -> bool {
        self.origin != SettingSource::Default
    }
}

/// All settings in the order of the table.
#[derive(Debug, Clone)]
pub struct DescribedSettings(pub(super) Vec<Described>);

/// The texts of the sections that administrators can change, as defaults, file, environment and flags have
/// them. They hold secrets.
#[derive(Clone)]
pub struct ChangeableTexts(pub(super) RawSettings);

impl fmt::Debug for ChangeableTexts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChangeableTexts(…)")
    }
}
