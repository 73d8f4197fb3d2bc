//! How a setting is declared: `settings!` makes a struct, its reading and its rows in the table of
//! settings out of one list.

use super::reader::{NoValue, SettingsReader};

/// What every environment variable of doorward starts with.
pub(super) const ENV_PREFIX: &str = "DOORWARD_";

/// One setting, as an operator knows it.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// The dotted name, as in `doorward.toml`: `password.cost`.
    pub name: &'static str,
    /// A name that it had in an earlier version. It still works, with a warning.
    pub former_name: Option<&'static str>,
    /// The default as text; `None` is unset, and the empty text is the empty list.
    pub default: Option<&'static str>,
    /// One or a few sentences for the operator, with code in backticks.
    pub help: &'static str,
    /// Whether the value must never be printed.
    pub is_secret: bool,
    /// Whether a value is written into TOML without quotes: a number, true or false.
    pub(super) is_bare: bool,
    /// What kind of value it takes, with its bounds: "number, 4 to 31".
    pub type_label: fn() -> String,
}

impl Setting {
    /// The environment variable: `password.cost` is `DOORWARD_PASSWORD__COST`.
    pub fn env_name(&self) -> String {
        env_name(self.name)
    }

    /// The name, and the former name if there is one.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        [Some(self.name), self.former_name].into_iter().flatten()
    }
}

/// The environment's spelling of a dotted name.
pub(super) fn env_name(name: &str) -> String {
    format!("{ENV_PREFIX}{}", name.to_uppercase().replace('.', "__"))
}

/// A part of the configuration that is made of settings.
pub(super) trait SettingSection: Sized {
    /// Its settings, those of its own sections last.
    fn settings() -> Vec<Setting>;

    /// Reads all of its settings before it gives up, so that all problems are reported together.
    fn read(reader: &mut SettingsReader<'_>) -> Result<Self, NoValue>;
}

/// Declares a section: a struct with a field for each setting.
///
/// A line is `/// help`, then `name: Type = "default", type of the setting;`. A setting without a
/// default has the type `Option<…>`. The doc comment is also the help in `doorward.example.toml` and
/// `docs/configuration.md`. The block `sections` lists the sections inside this one.
macro_rules! settings {
    (
        $(#[$attribute:meta])+
        $vis:vis struct $Section:ident, $prefix:literal {
            $(
                $(#[doc = $help:literal])+
                $field:ident: $Type:ty $(= $default:literal)?, $kind:expr $(, formerly $former:literal)?;
            )*
        }
        $(sections {
            $( $(#[doc = $section_about:literal])+ $section:ident: $SectionType:ty; )*
        })?
    ) => {
        $(#[$attribute])+
        #[derive(Debug, Clone)]
        $vis struct $Section {
            $( $(#[doc = $help])+ pub $field: $Type, )*
            $($( $(#[doc = $section_about])+ pub $section: $SectionType, )*)?
        }

        impl $crate::config::setting::SettingSection for $Section {
            fn settings() -> Vec<$crate::config::setting::Setting> {
                let own = [$(
                    $crate::config::setting::Setting {
                        name: concat!($prefix, stringify!($field)),
                        former_name: [$(Some($former),)? None][0],
                        default: [$(Some($default),)? None][0],
                        help: concat!($($help),+),
                        is_secret: $crate::config::setting_types::is_secret(&$kind),
                        is_bare: $crate::config::setting_types::is_bare(&$kind),
                        type_label: || $crate::config::setting_types::SettingType::label(&$kind),
                    },
                )*];
                let sections: Vec<Vec<$crate::config::setting::Setting>> =
                    vec![$($( <$SectionType as $crate::config::setting::SettingSection>::settings(), )*)?];
                own.into_iter().chain(sections.into_iter().flatten()).collect()
            }

            fn read(
                reader: &mut $crate::config::reader::SettingsReader<'_>,
            ) -> Result<Self, $crate::config::reader::NoValue> {
                $( let $field: Result<$Type, _> = reader.read(concat!($prefix, stringify!($field)), &$kind); )*
                $($(
                    let $section = <$SectionType as $crate::config::setting::SettingSection>::read(reader);
                )*)?
                Ok(Self { $( $field: $field?, )* $($( $section: $section?, )*)? })
            }
        }
    };
}

pub(super) use settings;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn environment_names_are_upper_case_with_double_underscores_for_dots() {
        let names = ["listen", "password.cost", "limits.failed_logins_window"];
        let expected =
            ["DOORWARD_LISTEN", "DOORWARD_PASSWORD__COST", "DOORWARD_LIMITS__FAILED_LOGINS_WINDOW"];
        assert_eq!(names.map(env_name), expected);
    }
}
