//! The settings in force, ready to be printed.

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
