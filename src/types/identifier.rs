//! `Identifier`: the name or email that was typed at a login. Not validated: one that matches no user is not
//! found.

use sha2::{Digest as _, Sha256};

use super::email::EmailKey;
use super::fold::nfkc;
use super::text::trimmed;
use super::username::{Username, UsernameKey};

/// Any text, without the white space at its ends: at every entrance a login's field is trimmed
/// (`rest_framework/fields.py`, `CharField`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identifier(String);

impl Identifier {
    /// Reads what was typed. No text is refused: what cannot be a name or an address is one that no user has.
    pub fn new(typed: impl AsRef<str>) -> Self {
        Self(trimmed(typed.as_ref()).to_owned())
    }

    /// The text as typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The keys to look a user up by name, with their exact keys ([`UsernameKey::covers`]).
    /// [`Self::matches_username`] then compares the letter case.
    pub fn username_keys(&self) -> Vec<UsernameKey> {
        UsernameKey::of_stored(&self.0)
    }

    /// The keys to look a user up by email.
    pub fn email_keys(&self) -> Vec<EmailKey> {
        EmailKey::of_stored(&self.0)
    }

    /// A number for the account that was typed, whether it exists or not. Spelling does not matter. Hashed,
    /// because people type passwords into this field.
    pub fn fingerprint(&self) -> u128 {
        let key = UsernameKey::of(&self.0);
        let digest = Sha256::digest(key.as_str().as_bytes());
        digest.iter().take(16).fold(0, |number, byte| number << 8 | u128::from(*byte))
    }

    /// Whether this is that name, with its letter case, in any Unicode form.
    pub fn matches_username(&self, name: &Username) -> bool {
        let normalised = |text| trimmed(&nfkc(text)).to_owned();
        self.0 == name.as_str() || normalised(&self.0) == normalised(name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::types::email::Email;

    fn name_key(typed: &str) -> UsernameKey {
        Identifier::new(typed).username_keys().pop().unwrap()
    }

    fn email_key(typed: &str) -> EmailKey {
        Identifier::new(typed).email_keys().pop().unwrap()
    }

    #[test]
    fn a_blank_identifier_has_no_keys() {
        for blank in ["", " ", "\u{1f}\n", "\u{2003}"] {
            let typed = Identifier::new(blank);
            assert!(typed.username_keys().is_empty() && typed.email_keys().is_empty(), "{blank:?}");
        }
    }

    #[test]
    fn every_name_has_a_fingerprint_of_its_own() {
        let fingerprint = |number: u32| Identifier::new(format!("user{number}")).fingerprint();
        let all: std::collections::BTreeSet<_> = (0..2_000).map(fingerprint).collect();
        assert_eq!(all.len(), 2_000);
    }

    #[test]
    fn a_name_is_looked_up_in_any_case_but_matches_only_in_its_own() {
        let bob = Username::parse("Bob").unwrap();
        assert_eq!(name_key("bOB"), bob.key());
        assert!(!Identifier::new("bOB").matches_username(&bob));
        assert!(Identifier::new("Bob").matches_username(&bob));
    }

    #[test]
    fn a_name_matches_in_any_unicode_form() {
        for (typed, stored) in [("ﬁsh", "ﬁsh"), ("Ｋａｎａ", "Ｋａｎａ"), ("é", "é"), ("ﱞ", "ﱞ")]
        {
            let stored = Username::parse(stored).unwrap();
            let composed = Username::from_stored(typed.to_owned());
            for typed in [typed, stored.as_str()] {
                assert!(Identifier::new(typed).matches_username(&stored), "{typed}");
                assert!(Identifier::new(typed).matches_username(&composed), "{typed}");
            }
        }
        let stored = Username::parse("é").unwrap();
        assert!(Identifier::new("e\u{301}").matches_username(&stored));
        assert!(!Identifier::new("É").matches_username(&stored));
    }

    #[test]
    fn an_email_is_looked_up_in_any_case() {
        let email = Email::parse("John.Doe@Example.COM").unwrap();
        assert_eq!(email_key("JOHN.doe@eXample.com"), email.key());
    }

    #[test]
    fn white_space_at_the_ends_does_not_count() {
        assert_eq!(Identifier::new(" bob\u{1f}\n").as_str(), "bob");
        assert_eq!(name_key("\u{a0}bob "), name_key("bob"));
    }

    proptest! {
        #[test]
        fn folds_as_names_and_emails_do(text in any::<String>()) {
            let typed = Identifier::new(&text);
            let name = Username::from_stored(text.clone());
            prop_assert_eq!(typed.username_keys().pop().unwrap_or(UsernameKey::of("")), name.key());
            prop_assert_eq!(typed.email_keys().pop().unwrap_or(EmailKey::of("")), Email::from_stored(text).key());
            prop_assert!(typed.matches_username(&name));
        }

        #[test]
        fn a_stored_name_matches_what_was_typed_and_what_is_displayed(
            text in prop_oneof![any::<String>(), "[\\p{L}\\p{N}_.@+-]{1,12}"],
        ) {
            if let Ok(name) = Username::parse(&text) {
                for typed in [text.as_str(), name.as_str()] {
                    let typed = Identifier::new(typed);
                    prop_assert!(typed.username_keys().contains(&name.key()));
                    prop_assert!(typed.matches_username(&name));
                    prop_assert_eq!(typed.fingerprint(), Identifier::new(name.as_str()).fingerprint());
                }
            }
        }

        #[test]
        fn a_stored_email_matches_each_spelling_of_it(
            text in "[a-zA-Z0-9.+]{1,8}@[a-zA-Z0-9éü漢ßΣ-]{1,8}[.。][a-zA-Z]{2,5}",
        ) {
            if let (Ok(email), Some((user, domain))) = (Email::parse(&text), text.rsplit_once('@')) {
                let mut spellings = vec![text.clone(), email.to_string()];
                spellings.extend(idna::domain_to_ascii(domain).map(|domain| format!("{user}@{domain}")));
                for typed in spellings {
                    prop_assert!(Identifier::new(&typed).email_keys().contains(&email.key()), "{}", typed);
                }
            }
        }

        #[test]
        fn no_key_has_a_character_that_a_database_refuses(text in any::<String>()) {
            for text in [text.clone(), format!("{text}\0")] {
                let typed = Identifier::new(&text);
                let names = typed.username_keys();
                let emails = typed.email_keys();
                let keys = names.iter().map(UsernameKey::as_str).chain(emails.iter().map(EmailKey::as_str));
                prop_assert!(keys.into_iter().all(|key| !key.contains('\0')));
            }
        }
    }
}
