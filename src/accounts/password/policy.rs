//! The rules for new passwords: Django's four password validators, in the order of the reference server's
//! `AUTH_PASSWORD_VALIDATORS` (`django/contrib/auth/password_validation.py`). Stored passwords are not checked.
//!
//! `common_passwords.txt` is the list of Django 4.2: some 20 000 passwords in lower case, compiled by Royce
//! Williams, under Django's BSD-3-Clause licence (`common_passwords.LICENSE`). Here it is unpacked and sorted
//! by bytes, so that a binary search needs no set in memory.

use std::cell::LazyCell;
use std::cmp::Ordering;
use std::iter;

use unicode_general_category::{GeneralCategory, get_general_category};

use crate::types::username::is_word;
use crate::types::{Email, Username, trimmed};

const MIN_CHARS: usize = 8;
const MAX_SIMILARITY: f64 = 0.7;
/// A password this many times as long as a value is not compared with it.
const MAX_LENGTH_RATIO: usize = 10;
const COMMON_PASSWORDS: &str = include_str!("common_passwords.txt");

/// The user of a new password. What is `None` is not compared with the password.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct About<'a> {
    /// The name.
    pub username: Option<&'a str>,
    /// The address. Its parts are compared, too.
    pub email: Option<&'a str>,
}

impl<'a> About<'a> {
    /// A user with a name and an address.
    pub(crate) fn user(username: &'a Username, email: &'a Email) -> Self {
        Self { username: Some(username.as_str()), email: Some(email.as_str()) }
    }
}

/// The attribute of the user that a password resembles, displayed with the name of the reference server's
/// model field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Attribute {
    /// The user name.
    #[error("login")]
    Username,
    /// The address, or a part of it.
    #[error("email")]
    Email,
}

/// A reason to refuse a password, with Django's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyViolation {
    /// `UserAttributeSimilarityValidator`.
    #[error("The password is too similar to the {0}.")]
    TooSimilar(Attribute),
    /// `MinimumLengthValidator`.
    #[error("This password is too short. It must contain at least {MIN_CHARS} characters.")]
    TooShort,
    /// `CommonPasswordValidator`.
    #[error("This password is too common.")]
    TooCommon,
    /// `NumericPasswordValidator`.
    #[error("This password is entirely numeric.")]
    EntirelyNumeric,
}

impl PolicyViolation {
    /// Django's error code.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooSimilar(_) => "password_too_similar",
            Self::TooShort => "password_too_short",
            Self::TooCommon => "password_too_common",
            Self::EntirelyNumeric => "password_entirely_numeric",
        }
    }
}

/// Applies all four validators.
///
/// # Errors
/// Every violation, in Django's order; of the user's attributes only the first that the password resembles.
pub(crate) fn check(password: &str, about: &About<'_>) -> Result<(), Vec<PolicyViolation>> {
    let violations: Vec<_> = [
        similar_attribute(password, about).map(PolicyViolation::TooSimilar),
        is_short(password).then_some(PolicyViolation::TooShort),
        is_common(password).then_some(PolicyViolation::TooCommon),
        is_numeric(password).then_some(PolicyViolation::EntirelyNumeric),
    ]
    .into_iter()
    .flatten()
    .collect();
    if violations.is_empty() { Ok(()) } else { Err(violations) }
}

/// `UserAttributeSimilarityValidator`.
fn similar_attribute(password: &str, about: &About<'_>) -> Option<Attribute> {
    let password = password.to_lowercase();
    let chars = password.chars().count();
    let sorted = LazyCell::new(|| sorted_chars(&password));
    let resembles = |value: &str| {
        let value = value.to_lowercase();
        // No part is longer than the value, so a password of megabytes is not even sorted.
        let is_far_longer = chars > 0 && chars >= value.chars().count().saturating_mul(MAX_LENGTH_RATIO);
        !is_far_longer && parts(&value).any(|part| is_similar(&sorted, part))
    };
    [(about.username, Attribute::Username), (about.email, Attribute::Email)]
        .into_iter()
        .find(|(value, _)| value.is_some_and(|value| !value.is_empty() && resembles(value)))
        .map(|(_, attribute)| attribute)
}

/// The words of a value and the value itself. If it begins or ends with a separator, Python's `re.split`
/// returns an empty part, which equals an empty password.
fn parts(value: &str) -> impl Iterator<Item = &str> {
    let is_separator = |c| !is_word(c);
    let edge = (value.starts_with(is_separator) || value.ends_with(is_separator)).then_some("");
    let words = value.split(is_separator).filter(|word| !word.is_empty());
    words.chain(edge).chain(iter::once(value))
}

/// `difflib.SequenceMatcher.quick_ratio`: the ratio of twice the characters in common, in any order, to all
/// characters. A part of a tenth of the password or less cannot reach the limit and is skipped
/// (`exceeds_maximum_length_ratio`).
fn is_similar(sorted_password: &[char], part: &str) -> bool {
    let (password_chars, part_chars) = (sorted_password.len(), part.chars().count());
    if password_chars > 0 && password_chars >= part_chars.saturating_mul(MAX_LENGTH_RATIO) {
        return false;
    }
    let total = password_chars + part_chars;
    let common = count_common(sorted_password, &sorted_chars(part));
    total == 0 || 2.0 * common as f64 / total as f64 >= MAX_SIMILARITY
}

fn count_common(sorted: &[char], others: &[char]) -> usize {
    let mut others = others.iter().peekable();
    sorted
        .iter()
        .filter(|&c| {
            while others.next_if(|other| *other < c).is_some() {}
            others.next_if_eq(&c).is_some()
        })
        .count()
}

fn sorted_chars(text: &str) -> Vec<char> {
    let mut chars: Vec<char> = text.chars().collect();
    chars.sort_unstable();
    chars
}

/// `MinimumLengthValidator`; counts characters, not bytes.
fn is_short(password: &str) -> bool {
    password.chars().count() < MIN_CHARS
}

/// `CommonPasswordValidator`.
fn is_common(password: &str) -> bool {
    has_line(COMMON_PASSWORDS, trimmed(&password.to_lowercase()))
}

/// Binary search in lines that are sorted by their bytes.
fn has_line(lines: &str, line: &str) -> bool {
    let mut rest = lines.as_bytes();
    while !rest.is_empty() {
        let (before, after) = rest.split_at(rest.len() / 2);
        let start = before.iter().rposition(|&b| b == b'\n').map_or(0, |n| n + 1);
        let end = after.iter().position(|&b| b == b'\n').unwrap_or(after.len()) + before.len();
        let middle = rest.get(start..end).unwrap_or_default();
        rest = match line.as_bytes().cmp(middle) {
            Ordering::Less => rest.get(..start).unwrap_or_default(),
            Ordering::Equal => return true,
            Ordering::Greater => rest.get(end + 1..).unwrap_or_default(),
        };
    }
    false
}

/// `NumericPasswordValidator`, which uses Python's `str.isdigit`.
fn is_numeric(password: &str) -> bool {
    !password.is_empty() && password.chars().all(is_digit)
}

/// Unicode's `Numeric_Type` Decimal (the category Nd) and Digit (²; the list below).
fn is_digit(c: char) -> bool {
    get_general_category(c) == GeneralCategory::DecimalNumber
        || matches!(c, '²' | '³' | '¹' | '\u{1369}'..='\u{1371}' | '\u{19da}' | '\u{2070}'
            | '\u{2074}'..='\u{2079}' | '\u{2080}'..='\u{2089}' | '\u{2460}'..='\u{2468}'
            | '\u{2474}'..='\u{247c}' | '\u{2488}'..='\u{2490}' | '\u{24ea}'
            | '\u{24f5}'..='\u{24fd}' | '\u{24ff}' | '\u{2776}'..='\u{277e}'
            | '\u{2780}'..='\u{2788}' | '\u{278a}'..='\u{2792}' | '\u{10a40}'..='\u{10a43}'
            | '\u{10e60}'..='\u{10e68}' | '\u{11052}'..='\u{1105a}' | '\u{1f100}'..='\u{1f10a}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The answers of Django 4.2.3.
    const RECORDED: &str = include_str!("../../../tests/vectors/django_validator_vectors.json");

    const UNKNOWN_USER: About<'_> = About { username: None, email: None };

    fn texts(password: &str, about: &About<'_>) -> Vec<String> {
        let violations = check(password, about).err().unwrap_or_default();
        violations.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_violations_are_those_that_django_recorded() {
        let recorded: serde_json::Value = serde_json::from_str(RECORDED).unwrap();
        for case in recorded.as_array().unwrap() {
            let about =
                About { username: case["user"]["username"].as_str(), email: case["user"]["email"].as_str() };
            let violations = check(case["password"].as_str().unwrap(), &about);
            // Recorded with Django's own user model, whose fields have other names.
            let ours: Vec<_> = violations
                .err()
                .unwrap_or_default()
                .iter()
                .map(|v| {
                    let text = v.to_string();
                    let text = text.replace("the login.", "the username.");
                    (v.code(), text.replace("the email.", "the email address."))
                })
                .collect();
            assert_eq!(serde_json::json!(ours), case["errors"], "{case}");
        }
    }

    #[test]
    fn only_the_first_similar_attribute_is_reported() {
        let alice = About { username: Some("alice"), email: Some("alice@wonderland.org") };
        let login = "The password is too similar to the login.";
        let email = "The password is too similar to the email.";
        assert_eq!(texts("Alice-99", &alice), [login]);
        assert_eq!(texts("Wonderland1", &alice), [email]);
        assert_eq!(texts("mooncake77", &alice), [""; 0]);
    }

    #[test]
    fn all_violations_are_reported_in_djangos_order() {
        let about = About { username: Some("12345"), email: None };
        let expected = [
            "The password is too similar to the login.",
            "This password is too short. It must contain at least 8 characters.",
            "This password is too common.",
            "This password is entirely numeric.",
        ];
        assert_eq!(texts("12345", &about), expected);
    }

    #[test]
    fn a_ratio_of_seven_tenths_is_similar() {
        let similar = |password: &str, part: &str| is_similar(&sorted_chars(password), part);
        assert!(similar("abcdefg123", "gfedcba456"));
        assert!(!similar("abcdef1234", "fedcba5678"));
    }

    #[test]
    fn a_long_password_may_contain_a_name() {
        let name = "x".repeat(20);
        let about = About { username: Some(&name), email: None };
        assert!(check(&"x".repeat(30), &about).is_err());
        assert!(check(&"x".repeat(40), &about).is_ok());
    }

    #[test]
    fn an_empty_password_is_similar_to_a_name_with_a_separator_at_an_edge() {
        let similar = |name| similar_attribute("", &About { username: Some(name), email: None });
        assert_eq!(similar("-bob"), Some(Attribute::Username));
        assert_eq!(similar("bo--b"), None);
        assert_eq!(similar(""), None);
    }

    #[test]
    fn has_line_finds_exactly_the_lines_of_the_list() {
        for line in COMMON_PASSWORDS.lines() {
            assert!(has_line(COMMON_PASSWORDS, line), "{line}");
            let longer = format!("{line}\u{10ffff}");
            assert!(!has_line(COMMON_PASSWORDS, &longer), "{longer}");
        }
        for absent in ["", "\n", "password\n", "\u{0}", "\u{10ffff}"] {
            assert!(!has_line(COMMON_PASSWORDS, absent), "{absent:?}");
        }
    }

    #[test]
    fn the_list_is_sorted_unique_and_in_lower_case() {
        let lines: Vec<_> = COMMON_PASSWORDS.lines().collect();
        assert_eq!(lines.len(), 19_729);
        assert!(lines.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(lines.iter().all(|line| *line == line.to_lowercase() && !line.is_empty()));
    }

    #[test]
    fn unicode_digits_are_numeric_but_roman_numerals_and_fractions_are_not() {
        assert!(is_numeric("1٣²①𝟗"));
        assert!(!is_numeric("½") && !is_numeric("Ⅷ") && !is_numeric("一") && !is_numeric(""));
    }

    #[test]
    fn white_space_counts_for_the_length_but_is_trimmed_for_common_passwords() {
        let expected = ["This password is too common."];
        assert_eq!(texts(" Passw0rd\u{1c}\u{3000}", &UNKNOWN_USER), expected);
        assert_eq!(texts("dr4gon   ", &UNKNOWN_USER), [""; 0]);
    }

    proptest! {
        #[test]
        fn any_text_can_be_checked(password in any::<String>(), name in any::<String>()) {
            let about = About { username: Some(&name), email: Some(&name) };
            if let Err(violations) = check(&password, &about) {
                prop_assert!((1..=4).contains(&violations.len()));
            }
        }

        #[test]
        fn characters_in_common_are_counted_in_any_order(a in "[a-d]{0,9}", b in "[a-d]{0,9}") {
            let expected: usize = ('a'..='d')
                .map(|c| a.matches(c).count().min(b.matches(c).count()))
                .sum();
            prop_assert_eq!(count_common(&sorted_chars(&a), &sorted_chars(&b)), expected);
        }

        #[test]
        fn a_password_equal_to_the_name_is_refused(name in "[a-z]{8,20}") {
            let about = About { username: Some(&name), email: None };
            let similar = PolicyViolation::TooSimilar(Attribute::Username);
            prop_assert!(check(&name, &about).unwrap_err().contains(&similar));
        }
    }
}
