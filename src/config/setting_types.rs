//! The types that a setting may have: how its text is parsed, and what the documentation calls it.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use super::values::parse::{self, Parsed};

/// The type of a setting.
pub(super) trait SettingType {
    /// What a valid text means.
    type Value;
    /// Whether the text must never be printed.
    const IS_SECRET: bool = false;
    /// Whether the text is a value of TOML as it is, without quotes.
    const IS_BARE: bool = false;

    /// The type and its bounds for the documentation.
    fn label(&self) -> String;

    /// Parses a text; the error says what is allowed.
    fn parse(&self, text: &str) -> Parsed<Self::Value>;
}

/// Whether the values of this type must never be printed.
pub(super) const fn is_secret<T: SettingType>(_: &T) -> bool {
    T::IS_SECRET
}

/// Whether the texts of this type are values of TOML without quotes.
pub(super) const fn is_bare<T: SettingType>(_: &T) -> bool {
    T::IS_BARE
}

/// `true` or `false`.
pub(super) struct BoolType;

/// A whole number within bounds.
pub(super) struct NumberType<N>(pub(super) RangeInclusive<N>);

/// A length of time in whole seconds, within bounds.
pub(super) struct DurationType(pub(super) RangeInclusive<Duration>);

/// A number of bytes within bounds.
pub(super) struct SizeType(pub(super) RangeInclusive<usize>);

/// A line of text, with bounds for its length in characters.
pub(super) struct TextType(pub(super) RangeInclusive<usize>);

/// One of a few words, in any letter case.
pub(super) struct ChoiceType<T: 'static>(pub(super) &'static [(&'static str, T)]);

/// A type with a parser of its own, and its label.
pub(super) struct ParsedType<T>(pub(super) &'static str, pub(super) fn(&str) -> Parsed<T>);

/// A list with a parser for its items, and its label.
pub(super) struct ListType<T>(pub(super) &'static str, pub(super) fn(&str) -> Parsed<T>);

/// A list of one item or more.
pub(super) struct NonEmptyListType<T>(pub(super) &'static str, pub(super) fn(&str) -> Parsed<T>);

/// A text that is taken literally, including spaces at its ends, and never printed.
pub(super) struct SecretType<T>(pub(super) fn(&str) -> Parsed<T>);

impl SettingType for BoolType {
    type Value = bool;
    const IS_BARE: bool = true;

    fn label(&self) -> String {
        "true or false".to_owned()
    }

    fn parse(&self, text: &str) -> Parsed<bool> {
        parse::switch(text)
    }
}

impl<N: FromStr + PartialOrd + Display + Clone> SettingType for NumberType<N> {
    type Value = N;
    const IS_BARE: bool = true;

    fn label(&self) -> String {
        format!("number, {} to {}", self.0.start(), self.0.end())
    }

    fn parse(&self, text: &str) -> Parsed<N> {
        parse::number(text, self.0.clone())
    }
}

impl SettingType for DurationType {
    type Value = Duration;

    fn label(&self) -> String {
        format!("duration, {} to {}", parse::in_units(*self.0.start()), parse::in_units(*self.0.end()))
    }

    fn parse(&self, text: &str) -> Parsed<Duration> {
        parse::duration(text, self.0.clone())
    }
}

impl SettingType for SizeType {
    type Value = usize;

    fn label(&self) -> String {
        format!("size, {} to {}", parse::in_size_units(*self.0.start()), parse::in_size_units(*self.0.end()))
    }

    fn parse(&self, text: &str) -> Parsed<usize> {
        parse::size(text, self.0.clone())
    }
}

impl SettingType for TextType {
    type Value = String;

    fn label(&self) -> String {
        format!("text, {} to {} characters", self.0.start(), self.0.end())
    }

    fn parse(&self, text: &str) -> Parsed<String> {
        parse::line(text, self.0.clone())
    }
}

impl<T: Copy> SettingType for ChoiceType<T> {
    type Value = T;

    fn label(&self) -> String {
        let words: Vec<&str> = self.0.iter().map(|(word, _)| *word).collect();
        match words.split_last() {
            Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
            _ => words.concat(),
        }
    }

    fn parse(&self, text: &str) -> Parsed<T> {
        parse::choice(text, self.0)
    }
}

impl<T> SettingType for ParsedType<T> {
    type Value = T;

    fn label(&self) -> String {
        self.0.to_owned()
    }

    fn parse(&self, text: &str) -> Parsed<T> {
        (self.1)(text)
    }
}

impl<T> SettingType for ListType<T> {
    type Value = Vec<T>;

    fn label(&self) -> String {
        self.0.to_owned()
    }

    fn parse(&self, text: &str) -> Parsed<Vec<T>> {
        parse::list(text, self.1)
    }
}

impl<T> SettingType for NonEmptyListType<T> {
    type Value = Vec<T>;

    fn label(&self) -> String {
        self.0.to_owned()
    }

    fn parse(&self, text: &str) -> Parsed<Vec<T>> {
        // An empty text has one item, which its parser refuses.
        text.split(',').map(|part| (self.1)(part.trim())).collect()
    }
}

impl<T> SettingType for SecretType<T> {
    type Value = T;
    const IS_SECRET: bool = true;

    fn label(&self) -> String {
        "secret".to_owned()
    }

    fn parse(&self, text: &str) -> Parsed<T> {
        (self.0)(text)
    }
}
