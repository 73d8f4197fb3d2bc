//! `Username`: a name as Django accepts it, and the key by which it is unique. Also two rules of text that
//! names share with emails and passwords: [`is_word`], [`fold_case`]. Whether a name is free is not checked
//! here: the insert decides.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;
use unicode_general_category::{GeneralCategory, get_general_category};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

use super::text::trimmed;

/// A user name as it is stored: in Unicode form NFKC, with its letter case as typed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Username(String);

impl Username {
    /// The maximum length in characters, as typed (`django/contrib/auth/models.py`).
    pub const MAX_CHARS: usize = 150;

    /// Reads a name as DRF's `CharField` does: trims it.
    ///
    /// The rules apply to the name as typed, and normalisation follows, as in the reference server
    /// (serializer first, then `UserManager.create_user`). So a few characters whose NFKC form is long or
    /// contains a space (U+FDFA) can make a name that is longer than [`Self::MAX_CHARS`] or would not parse
    /// again.
    ///
    /// # Errors
    /// Every rule that the name breaks, in DRF's order.
    pub fn parse(typed: &str) -> Result<Self, UsernameError> {
        let name = trimmed(typed);
        let broken = broken_rules(name);
        if broken.is_empty() { Ok(Self(nfkc(name).into_owned())) } else { Err(UsernameError(broken)) }
    }

    /// Takes a name from the database without checking it.
    pub fn from_stored(name: String) -> Self {
        Self(name)
    }

    /// The name as stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key. No two users have the same.
    pub fn key(&self) -> UsernameKey {
        UsernameKey::of(&self.0)
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A name without its letter case: NFKC, lower case, NFKC again (lower-casing can leave a letter and an accent
/// that compose).
///
/// Taking the key of a key changes nothing, and a name and its lower case share one. A name and its
/// upper case share one too, unless upper-casing changes the letters themselves (`ß` to `SS`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UsernameKey(String);

impl UsernameKey {
    /// The key of any text, name or not.
    pub fn of(text: &str) -> Self {
        Self(if text.is_ascii() {
            text.to_ascii_lowercase()
        } else {
            let folded: String = fold_case(nfkc(text).chars()).collect();
            nfkc(&folded).into_owned()
        })
    }

    /// A text that is the key of no name, not folded.
    pub(super) fn unfolded(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The key for the database.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The rules that a name breaks, at least one, in DRF's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsernameError(Vec<UsernameRule>);

impl UsernameError {
    /// The broken rules. Their `Display` is DRF's text.
    pub fn rules(&self) -> &[UsernameRule] {
        &self.0
    }

    /// DRF's texts, as in the list under the field's name.
    pub fn messages(&self) -> Vec<String> {
        self.0.iter().map(ToString::to_string).collect()
    }
}

impl fmt::Display for UsernameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.messages().join(" "))
    }
}

impl std::error::Error for UsernameError {}

/// A rule for a new name, with the text of DRF or Django.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UsernameRule {
    /// `rest_framework/fields.py`, `CharField`.
    #[error("This field may not be blank.")]
    Blank,
    /// `django/contrib/auth/validators.py`, `UnicodeUsernameValidator`.
    #[error(
        "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters."
    )]
    Characters,
    /// `django/core/validators.py`, `MaxLengthValidator`.
    #[error("Ensure this field has no more than {max} characters.", max = Username::MAX_CHARS)]
    TooLong,
    /// `django/core/validators.py`, `ProhibitNullCharactersValidator`.
    #[error("Null characters are not allowed.")]
    NullCharacter,
}

fn broken_rules(name: &str) -> Vec<UsernameRule> {
    if name.is_empty() {
        return vec![UsernameRule::Blank];
    }
    let allowed = |c| is_word(c) || matches!(c, '.' | '@' | '+' | '-');
    [
        (!name.chars().all(allowed), UsernameRule::Characters),
        (name.chars().count() > Username::MAX_CHARS, UsernameRule::TooLong),
        (name.contains('\0'), UsernameRule::NullCharacter),
    ]
    .into_iter()
    .filter_map(|(broken, rule)| broken.then_some(rule))
    .collect()
}

/// Unicode form NFKC. Most text has it already, and checking is much cheaper than converting.
fn nfkc(text: &str) -> Cow<'_, str> {
    match is_nfkc_quick(text.chars()) {
        IsNormalized::Yes => Cow::Borrowed(text),
        IsNormalized::No | IsNormalized::Maybe => Cow::Owned(text.nfkc().collect()),
    }
}

/// Python's `\w`: letters, numbers (both by general category) and the underscore; combining marks
/// are not. The Unicode version is newer than Python 3.11's, so recent letters count too.
pub(crate) fn is_word(c: char) -> bool {
    use GeneralCategory as G;
    c == '_'
        || c.is_ascii_alphanumeric()
        || matches!(
            get_general_category(c),
            G::UppercaseLetter
                | G::LowercaseLetter
                | G::TitlecaseLetter
                | G::ModifierLetter
                | G::OtherLetter
                | G::DecimalNumber
                | G::LetterNumber
                | G::OtherNumber
        )
}

/// Lower case for comparison, letter by letter. Greek's final sigma becomes the common one: `Σ` becomes one or
/// the other depending on its neighbours, and a key must not.
pub(crate) fn fold_case(text: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    text.flat_map(char::to_lowercase).map(|c| if c == 'ς' { 'σ' } else { c })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Recorded from Django 4.2.3 with DRF 3.14.
    const RECORDED: &str = include_str!("../../tests/vectors/django_identifiers.json");

    #[test]
    fn every_recorded_name_is_judged_as_by_django() {
        let recorded: serde_json::Value = serde_json::from_str(RECORDED).unwrap();
        for case in recorded["usernames"].as_array().unwrap() {
            let typed = case["typed"].as_str().unwrap();
            let ours = match Username::parse(typed) {
                Ok(name) => serde_json::json!({"typed": typed, "stored": name}),
                Err(error) => serde_json::json!({"typed": typed, "errors": error.messages()}),
            };
            assert_eq!(&ours, case);
        }
    }

    #[test]
    fn a_name_is_normalised_and_its_case_stays() {
        let name = Username::parse(" Ｂｏｂ\u{1f}").unwrap();
        assert_eq!(name.as_str(), "Bob");
        assert_eq!(name.key().as_str(), "bob");
    }

    #[test]
    fn all_broken_rules_are_listed_in_drfs_order() {
        let error = Username::parse(&format!("a b\0{}", "x".repeat(150))).unwrap_err();
        let expected = [UsernameRule::Characters, UsernameRule::TooLong, UsernameRule::NullCharacter];
        assert_eq!(error.rules(), expected);
    }

    #[test]
    fn characters_are_counted_before_normalisation() {
        assert!(Username::parse(&"é".repeat(150)).is_ok());
        let error = Username::parse(&"é".repeat(151)).unwrap_err();
        assert_eq!(error.rules(), [UsernameRule::TooLong]);
        let long = Username::parse(&"ﬁ".repeat(150)).unwrap();
        assert_eq!(long.as_str().chars().count(), 300);
    }

    #[test]
    fn a_key_does_not_depend_on_case_form_or_kind_of_sigma() {
        for (one, two) in [("BOB", "bob"), ("É", "e\u{301}"), ("ﬁsh", "FISH"), ("ΟΔΟΣ", "οδος")] {
            assert_eq!(UsernameKey::of(one), UsernameKey::of(two));
        }
        assert_ne!(UsernameKey::of("straße"), UsernameKey::of("strasse"));
    }

    #[test]
    fn the_key_is_stable_where_lower_case_composes_anew() {
        let key = UsernameKey::of("\u{3aa}\u{301}");
        assert_eq!(key.as_str(), "\u{390}");
        assert_eq!(UsernameKey::of(key.as_str()), key);
    }

    #[test]
    fn every_single_character_has_a_stable_key_that_its_lower_case_shares() {
        for c in '\0'..=char::MAX {
            let text = c.to_string();
            let key = UsernameKey::of(&text);
            assert_eq!(UsernameKey::of(key.as_str()), key, "{c:?}");
            assert_eq!(UsernameKey::of(&text.to_lowercase()), key, "{c:?}");
        }
    }

    #[test]
    fn numbers_are_word_characters_and_combining_characters_are_not() {
        assert!(is_word('²') && is_word('Ⅷ') && is_word('漢') && is_word('_'));
        assert!(!is_word('\u{301}') && !is_word('\u{903}') && !is_word('-') && !is_word('€'));
    }

    #[test]
    fn a_username_is_a_string_in_json() {
        let name = Username::from_stored("bob".to_owned());
        assert_eq!(serde_json::to_string(&name).unwrap(), "\"bob\"");
    }

    fn name() -> impl Strategy<Value = String> {
        prop_oneof![any::<String>(), "[\\p{L}\\p{N}_.@+-]{1,12}"]
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_with_a_reason(text in name()) {
            if let Err(error) = Username::parse(&text) {
                prop_assert!(!error.rules().is_empty());
            }
        }

        #[test]
        fn the_key_of_a_key_is_itself(text in name()) {
            let key = UsernameKey::of(&text);
            prop_assert_eq!(UsernameKey::of(key.as_str()), key);
        }

        #[test]
        fn a_name_and_its_lower_case_share_a_key(text in name()) {
            if let (Ok(one), Ok(two)) = (Username::parse(&text), Username::parse(&text.to_lowercase())) {
                prop_assert_eq!(one.key(), two.key());
            }
        }

        #[test]
        fn a_name_and_its_upper_case_share_a_key_unless_upper_case_is_lossy(text in name()) {
            let upper = text.to_uppercase();
            let returns = fold_case(upper.chars()).eq(fold_case(text.chars()));
            if let (true, Ok(one), Ok(two)) = (returns, Username::parse(&text), Username::parse(&upper)) {
                prop_assert_eq!(one.key(), two.key());
            }
        }
    }
}
