//! The rules for new passwords: Django's four password validators, in the order of the reference server's
//! `AUTH_PASSWORD_VALIDATORS` (`django/contrib/auth/password_validation.py`), and the list of breached passwords
//! (`password.breach_list`). Every new password comes here by `hash_new`.
//!
//! `common_passwords.txt` is the list of Django 4.2: some 20 000 passwords in lower case, compiled by Royce
//! Williams, under Django's BSD-3-Clause licence (`common_passwords.LICENSE`). Here it is unpacked and sorted
//! by bytes, so that a binary search needs no set in memory.

use std::cell::LazyCell;
use std::cmp::Ordering;
use std::iter;

use thiserror::Error;
use unicode_general_category::{GeneralCategory, get_general_category};

use crate::app::App;
use crate::types::username::is_word;
use crate::types::{Email, Password, Username, trimmed};

/// The name of the program, one of the first words that are tried.
const PROGRAM: &str = "doorward";
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
pub(crate) enum Attribute {
    /// The user name.
    #[error("login")]
    Username,
    /// The address, or a part of it.
    #[error("email")]
    Email,
}

/// A reason to refuse a password, with Django's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PolicyViolation {
    /// `UserAttributeSimilarityValidator`.
    #[error("The password is too similar to the {0}.")]
    TooSimilar(Attribute),
    /// `MinimumLengthValidator`.
    #[error("This password is too short. It must contain at least {0} characters.")]
    TooShort(usize),
    /// `CommonPasswordValidator`.
    #[error("This password is too common.")]
    TooCommon,
    /// `NumericPasswordValidator`.
    #[error("This password is entirely numeric.")]
    EntirelyNumeric,
    /// `password.breach_list`; Django has no such rule.
    #[error("This password is known from a data breach.")]
    Breached,
}

/// A password that is refused, with every reason: at least one.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))]
pub struct WeakPassword(Vec<PolicyViolation>);

impl WeakPassword {
    /// The rules that the password violates, in Django's order.
    pub(crate) fn violations(&self) -> &[PolicyViolation] {
        &self.0
    }
}

/// Applies the rules. Answers the password in the form in which it is to be hashed.
///
/// # Errors
/// Every violation, in Django's order; of the user's attributes only the first that the password resembles.
pub(crate) async fn accept(
    app: &App,
    password: &Password,
    about: &About<'_>,
) -> Result<Password, WeakPassword> {
    let password = password.canonical();
    let current = app.current();
    let rules = PolicyRules { min_length: current.password.min_length, site: &current.site.name };
    let mut violations = rules.violations(password.expose(), about);
    if is_breached(app, &password).await {
        violations.push(PolicyViolation::Breached);
    }
    if violations.is_empty() { Ok(password) } else { Err(WeakPassword(violations)) }
}

/// Whether the password is in `password.breach_list`. A list that can no longer be read is logged and has no
/// password: the other rules still hold.
pub(crate) async fn is_breached(app: &App, password: &Password) -> bool {
    let Some(list) = app.breach_list.clone() else { return false };
    let password = password.clone();
    let found = tokio::task::spawn_blocking(move || list.contains(&password)).await;
    match found {
        Ok(Ok(is_listed)) => is_listed,
        Ok(Err(error)) => {
            tracing::error!(%error, "cannot read password.breach_list");
            false
        }
        Err(_) => false,
    }
}

/// What the rules depend on.
struct PolicyRules<'a> {
    /// `password.min_length`, in characters.
    min_length: usize,
    /// `site.name`.
    site: &'a str,
}

impl PolicyRules<'_> {
    /// Applies all four validators.
    fn violations(&self, password: &str, about: &About<'_>) -> Vec<PolicyViolation> {
        [
            similar_attribute(password, about).map(PolicyViolation::TooSimilar),
            self.is_short(password).then_some(PolicyViolation::TooShort(self.min_length)),
            (is_common(password) || self.is_name(password)).then_some(PolicyViolation::TooCommon),
            is_numeric(password).then_some(PolicyViolation::EntirelyNumeric),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// `MinimumLengthValidator`; counts characters, not bytes.
    fn is_short(&self, password: &str) -> bool {
        password.chars().count() < self.min_length
    }

    /// Whether the letters of the password are the name of the program or the site: `Doorward-2026`.
    fn is_name(&self, password: &str) -> bool {
        let letters =
            |text: &str| -> String { text.to_lowercase().chars().filter(|c| c.is_alphabetic()).collect() };
        let word = letters(password);
        !word.is_empty() && [PROGRAM, self.site].iter().any(|name| letters(name) == word)
    }
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

    const RULES: PolicyRules<'_> = PolicyRules { min_length: 8, site: "Beispiel & Söhne" };

    fn check(password: &str, about: &About<'_>) -> Vec<PolicyViolation> {
        RULES.violations(password, about)
    }

    fn texts(password: &str, about: &About<'_>) -> Vec<String> {
        check(password, about).iter().map(ToString::to_string).collect()
    }

    /// Django's error code.
    fn code(violation: PolicyViolation) -> &'static str {
        match violation {
            PolicyViolation::TooSimilar(_) => "password_too_similar",
            PolicyViolation::TooShort(_) => "password_too_short",
            PolicyViolation::TooCommon => "password_too_common",
            PolicyViolation::EntirelyNumeric => "password_entirely_numeric",
            PolicyViolation::Breached => "no validator of Django",
        }
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
                .iter()
                .map(|v| {
                    let text = v.to_string();
                    let text = text.replace("the login.", "the username.");
                    (code(*v), text.replace("the email.", "the email address."))
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
        assert!(!check(&"x".repeat(30), &about).is_empty());
        assert!(check(&"x".repeat(40), &about).is_empty());
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
    fn the_names_of_program_and_site_are_too_common() {
        for password in ["doorward", "Doorward-2026!", "BeispielSöhne1", "beispiel & söhne"] {
            assert_eq!(texts(password, &UNKNOWN_USER), ["This password is too common."], "{password}");
        }
        for password in ["doorwards-key", "forward-1", "my-Doorward-key"] {
            assert_eq!(texts(password, &UNKNOWN_USER), [""; 0], "{password}");
        }
        let nameless = PolicyRules { min_length: 8, site: "42" };
        assert!(nameless.violations("x4242424", &UNKNOWN_USER).is_empty());
    }

    #[test]
    fn the_least_length_is_named_in_the_text() {
        let rules = PolicyRules { min_length: 12, site: "doorward" };
        let violations = rules.violations("eleven-cha1", &UNKNOWN_USER);
        assert_eq!(violations, [PolicyViolation::TooShort(12)]);
        assert!(violations[0].to_string().ends_with("at least 12 characters."));
        assert!(rules.violations("twelve-char1", &UNKNOWN_USER).is_empty());
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
            prop_assert!(check(&password, &about).len() <= 4);
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
            prop_assert!(check(&name, &about).contains(&similar));
        }
    }
}
