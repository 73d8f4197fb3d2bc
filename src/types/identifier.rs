//! `Identifier`: what a person typed at login, a user name or an email.
//!
//! Called by the doors that take a login and by `accounts/log_in`. Never validates: whatever names
//! no user is simply not found.

use sha2::{Digest as _, Sha256};

use super::email::EmailKey;
use super::username::{Username, UsernameKey};

/// Longer than the key of any stored name or email can be, in bytes: 150 characters of four bytes,
/// the longest name, grow at most elevenfold under NFKC and by half in lower case.
const LONGEST_KEY: usize = 10_000;

/// Any text, in the form in which it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identifier(String);

impl Identifier {
    /// Takes the text as it is; the door has taken off the white space around it.
    pub fn new(typed: impl Into<String>) -> Self {
        Self(typed.into())
    }

    /// The text as typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key under which to look for a user of this name; whether the letter case fits too,
    /// [`Self::matches_username`] says.
    pub fn username_key(&self) -> UsernameKey {
        if self.is_nobodys() { UsernameKey::unfolded(&self.0) } else { UsernameKey::of(&self.0) }
    }

    /// The key under which to look for a user of this email.
    pub fn email_key(&self) -> EmailKey {
        if self.is_nobodys() { EmailKey::unfolded(&self.0) } else { EmailKey::of(&self.0) }
    }

    /// Whether the text is too long to name anybody. Folding megabytes takes a second: so it is
    /// not done, and the text itself, which equals no stored key, serves as the key.
    fn is_nobodys(&self) -> bool {
        self.0.len() > LONGEST_KEY
    }

    /// A number that stands for the account that was named, whether or not there is one, with
    /// letter case and white space folded. Hashed, because people type passwords here.
    pub fn fingerprint(&self) -> u128 {
        let digest = Sha256::digest(self.username_key().as_str().trim().as_bytes());
        digest.iter().take(16).fold(0, |number, byte| number << 8 | u128::from(*byte))
    }

    /// Whether this is exactly that name, letter case and Unicode form included.
    pub fn matches_username(&self, name: &Username) -> bool {
        self.0 == name.as_str()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::types::email::Email;

    #[test]
    fn finds_a_name_by_any_case_but_matches_only_its_own() {
        let bob = Username::parse("Bob").unwrap();
        let typed = Identifier::new("bOB");
        assert_eq!(typed.username_key(), bob.key());
        assert!(!typed.matches_username(&bob));
        assert!(Identifier::new("Bob").matches_username(&bob));
    }

    #[test]
    fn a_text_that_is_too_long_for_any_name_is_not_folded() {
        let longest = Username::parse(&"\u{fdfa}".repeat(150)).unwrap();
        assert!(longest.key().as_str().len() <= LONGEST_KEY);
        let typed = "\u{fdfa}".repeat(LONGEST_KEY);
        assert_eq!(Identifier::new(typed.clone()).username_key().as_str(), typed);
        assert_eq!(Identifier::new(typed.clone()).email_key().as_str(), typed);
    }

    #[test]
    fn does_not_match_a_name_in_another_unicode_form() {
        let stored = Username::parse("ﬁsh").unwrap();
        assert!(Identifier::new("fish").matches_username(&stored));
        assert!(!Identifier::new("ﬁsh").matches_username(&stored));
    }

    #[test]
    fn finds_an_email_by_any_case() {
        let email = Email::parse("John.Doe@Example.COM").unwrap();
        assert_eq!(Identifier::new("JOHN.doe@eXample.com").email_key(), email.key());
    }

    #[test]
    fn keeps_the_white_space_that_it_was_given() {
        assert_eq!(Identifier::new(" bob").username_key().as_str(), " bob");
        assert_eq!(Identifier::new(" bob").as_str(), " bob");
    }

    proptest! {
        #[test]
        fn folds_as_names_and_emails_do(text in any::<String>()) {
            let typed = Identifier::new(text.clone());
            let name = Username::from_stored(text.clone());
            prop_assert_eq!(typed.username_key(), name.key());
            prop_assert_eq!(typed.email_key(), Email::from_stored(text).key());
            prop_assert!(typed.matches_username(&name));
        }
    }
}
