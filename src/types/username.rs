//! `Username`: a name as Django accepts it, and the key by which it is unique. Also a rule of text that names
//! share with passwords: [`is_word`]. Whether a name is free is not checked here: the insert decides.

use std::fmt;

use serde::Serialize;
use unicode_general_category::{GeneralCategory, get_general_category};

use super::fold::{fold, lower_case, nfkc};
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

    /// The key of a user whose own key another user has: see [`UsernameKey::exact`].
    pub fn exact_key(&self) -> UsernameKey {
        UsernameKey::exact(&self.0)
    }

    /// The keys that a user of this name may have: [`UsernameKey::of_stored`].
    pub fn keys(&self) -> Vec<UsernameKey> {
        UsernameKey::of_stored(&self.0)
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A name as it is compared: without letter case and Unicode form (`types::fold`).
///
/// Taking the key of a key changes nothing, and a name, its lower case and its upper case share one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UsernameKey(String);

impl UsernameKey {
    /// The key of any text, name or not.
    pub fn of(text: &str) -> Self {
        Self(fold(text))
    }

    /// The keys that a stored name may have: before its own the one of an earlier version, which a name keeps
    /// whose own key another user has (`store::tables::stale_keys`). Mostly they are the same. None for a blank text.
    pub fn of_stored(text: &str) -> Vec<Self> {
        let key = Self::of(text);
        if key.0.is_empty() {
            return Vec::new();
        }
        let earlier = Self(if text.is_ascii() {
            text.to_ascii_lowercase()
        } else {
            let folded: String = lower_case(nfkc(text).chars()).collect();
            nfkc(&folded).into_owned()
        });
        if earlier == key || earlier.0.contains('\0') { vec![key] } else { vec![earlier, key] }
    }

    /// The key of an imported user whose own key another user has: the key, and the name with its letter case. Where
    /// the names of users differ by nothing but letter case, as Django allows, each is found by exactly its own name.
    pub fn exact(text: &str) -> Self {
        let name = nfkc(text);
        Self(format!("{}{EXACT}{}", fold(text), trimmed(&name).replace('\0', "\u{fffd}")))
    }

    /// The key for the database.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key that a name with the stored key `stored` has by the folding of this version.
    pub fn renewed(text: &str, stored: &str) -> Self {
        if stored.contains(EXACT) { Self::exact(text) } else { Self::of(text) }
    }

    /// The end of the range of keys that begins with this key and has its exact keys; [`Self::covers`] tells them from
    /// others in it.
    pub fn range_end(&self) -> String {
        format!("{}{AFTER_EXACT}", self.0)
    }

    /// Whether a stored key is this key, or an exact key of it.
    pub fn covers(&self, stored: &str) -> bool {
        stored.strip_prefix(self.0.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(EXACT))
    }
}

/// Between the key and the name in an exact key (U+001F, the unit separator): it is in no name that can be chosen, and
/// an exact key comes right after the key in the order of a list.
const EXACT: char = '\u{1f}';

/// The next character.
const AFTER_EXACT: char = ' ';

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
    fn a_stored_name_may_have_the_key_of_an_earlier_version() {
        let keys = |text| UsernameKey::of_stored(text).into_iter().map(|key| key.0).collect::<Vec<_>>();
        assert_eq!(keys("Bob"), ["bob"]);
        assert_eq!(keys("Пётр"), ["пётр"]);
        assert_eq!(keys("Straße"), ["straße", "strasse"]);
        assert_eq!(keys("x@XN--bcher-kva.de"), ["x@xn--bcher-kva.de", "x@bücher.de"]);
        assert_eq!(keys("ß\0"), ["ss\u{fffd}"]);
    }

    #[test]
    fn names_that_differ_by_case_have_one_key_and_exact_keys_of_their_own() {
        let keys = |name| (UsernameKey::of(name).0, UsernameKey::exact(name).0);
        assert_eq!(keys("Bob"), ("bob".to_owned(), "bob\u{1f}Bob".to_owned()));
        assert_eq!(keys("BOB").0, keys("bob").0);
        assert_ne!(keys("BOB").1, keys("bob").1);
        assert_eq!(UsernameKey::exact("Ｂｏｂ "), UsernameKey::exact("Bob"));
        let bob = UsernameKey::of("BOB");
        for same in [keys("Bob").0, keys("Bob").1, keys("bob").1] {
            assert!(bob.covers(&same) && same.as_str() >= bob.as_str() && same < bob.range_end(), "{same:?}");
        }
        for other in ["bobby", "bob!", "bo", "bob\tx"] {
            assert!(!bob.covers(UsernameKey::of(other).as_str()), "{other:?}");
        }
        assert_eq!(UsernameKey::renewed("Bob", &keys("Bob").1), UsernameKey::exact("Bob"));
        assert_eq!(UsernameKey::renewed("Bob", "bob"), bob);
    }

    #[test]
    fn a_blank_name_has_no_key_to_look_up() {
        assert_eq!(UsernameKey::of_stored(" \u{1f}"), []);
    }

    #[test]
    fn the_key_is_stable_where_lower_case_composes_anew() {
        let key = UsernameKey::of("\u{3aa}\u{301}");
        assert_eq!(key.as_str(), "\u{390}");
        assert_eq!(UsernameKey::of(key.as_str()), key);
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
        fn a_name_and_its_lower_case_share_a_key(text in name()) {
            if let (Ok(one), Ok(two)) = (Username::parse(&text), Username::parse(&text.to_lowercase())) {
                prop_assert_eq!(one.key(), two.key());
            }
        }

        #[test]
        fn a_name_and_its_upper_case_share_a_key_but_for_the_dotless_i(text in name()) {
            let upper = text.to_uppercase();
            if let (false, Ok(one), Ok(two)) =
                (text.contains('ı'), Username::parse(&text), Username::parse(&upper))
            {
                prop_assert_eq!(one.key(), two.key());
            }
        }
    }
}
