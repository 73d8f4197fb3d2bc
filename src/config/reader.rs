//! Reads single settings: from the text in force to a typed value, and notes every problem.

use super::error::ConfigProblem;
use super::setting_types::SettingType;
use super::sources::raw::RawSettings;
use super::values::parse::Parsed;
use crate::types::redact;

/// How much of a value a problem prints, in characters.
const MAX_PRINTED: usize = 200;

/// There is no value, and a problem that says why has been noted.
#[derive(Debug)]
pub(super) struct NoValue;

/// Reads settings and collects the problems.
pub(super) struct SettingsReader<'a> {
    raw: &'a RawSettings,
    problems: Vec<ConfigProblem>,
}

/// What a field can be made of: a setting's value, or for an `Option` also none.
pub(super) trait FieldValue<V>: Sized {
    /// `None` if the setting has no value and the field needs one.
    fn from_setting(value: Option<V>) -> Option<Self>;
}

impl<V> FieldValue<V> for V {
    fn from_setting(value: Option<V>) -> Option<Self> {
        value
    }
}

impl<V> FieldValue<V> for Option<V> {
    fn from_setting(value: Option<V>) -> Option<Self> {
        Some(value)
    }
}

impl<'a> SettingsReader<'a> {
    pub(super) fn new(raw: &'a RawSettings) -> Self {
        Self { raw, problems: Vec::new() }
    }

    pub(super) fn raw(&self) -> &'a RawSettings {
        self.raw
    }

    pub(super) fn into_problems(self) -> Vec<ConfigProblem> {
        self.problems
    }

    /// The value of a setting. An absent value that the field needs is noted by the caller, who knows why.
    pub(super) fn read<T, F>(&mut self, name: &'static str, setting_type: &T) -> Result<F, NoValue>
    where
        T: SettingType,
        F: FieldValue<T::Value>,
    {
        let value = match self.raw.get(name) {
            Some(value) => {
                let text = if T::IS_SECRET { value.text.as_str() } else { value.text.trim() };
                Some(setting_type.parse(text).map_err(|allowed| self.refuse(name, T::IS_SECRET, allowed))?)
            }
            None => None,
        };
        F::from_setting(value).ok_or(NoValue)
    }

    /// The value of a setting that is read and checked elsewhere, if it is set and valid.
    pub(super) fn peek<T>(&self, name: &str, parse: impl FnOnce(&str) -> Parsed<T>) -> Option<T> {
        self.raw.get(name).and_then(|value| parse(value.text.trim()).ok())
    }

    /// Notes that a value is not allowed. `allowed` says what is, as a clause that follows a semicolon.
    pub(super) fn refuse(&mut self, name: &'static str, is_secret: bool, allowed: String) -> NoValue {
        if let Some(value) = self.raw.get(name) {
            let printable = (!is_secret).then(|| redact::redacted(&value.text));
            let printable = printable.map(|text| text.chars().take(MAX_PRINTED).collect());
            let origin = value.source.clone();
            self.problems.push(ConfigProblem::Invalid { name, origin, printable, allowed });
        }
        NoValue
    }

    /// Notes that a setting has no value and needs one.
    pub(super) fn require(&mut self, name: &'static str, reason: &'static str) -> NoValue {
        self.problems.push(ConfigProblem::Unset { name, reason });
        NoValue
    }
}
