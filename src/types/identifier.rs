//! `Identifier`: the name or email that was typed at a login. Not validated: one that matches no user is not
//! found.

use sha2::{Digest as _, Sha256};

use super::email::EmailKey;
use super::username::{Username, UsernameKey};

/// More bytes than the key of any stored name or email can have: the longest name, 150 characters of four
/// bytes, grows at most elevenfold by NFKC and by half in lower case.
const LONGEST_KEY: usize = 10_000;

/// Any text, as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identifier(String);

impl Identifier {
    /// Takes the text as it is. The caller has trimmed it.
    pub fn new(typed: impl Into<String>) -> Self {
        Self(typed.into())
    }

    /// The text as typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key to look a user up by name. [`Self::matches_username`] then compares the letter case.
    pub fn username_key(&self) -> UsernameKey {
        if self.is_nobodys() { UsernameKey::unfolded(&self.0) } else { UsernameKey::of(&self.0) }
    }

    /// The key to look a user up by email.
    pub fn email_key(&self) -> EmailKey {
        if self.is_nobodys() { EmailKey::unfolded(&self.0) } else { EmailKey::of(&self.0) }
    }

    /// Whether the text is too long for any name or email. Folding megabytes would take a second, so the text
    /// itself, which equals no stored key, is the key then.
    fn is_nobodys(&self) -> bool {
        self.0.len() > LONGEST_KEY
    }

    /// A number for the account that was typed, whether it exists or not. Letter case and white space do not
    /// matter. Hashed, because people type passwords into this field.
    pub fn fingerprint(&self) -> u128 {
        let digest = Sha256::digest(self.username_key().as_str().trim().as_bytes());
        digest.iter().take(16).fold(0, |number, byte| number << 8 | u128::from(*byte))
    }

    /// Whether this is exactly that name, including letter case and Unicode form.
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
    fn a_name_is_looked_up_in_any_case_but_matches_only_in_its_own() {
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
    fn a_name_in_another_unicode_form_does_not_match() {
        let stored = Username::parse("ﬁsh").unwrap();
        assert!(Identifier::new("fish").matches_username(&stored));
        assert!(!Identifier::new("ﬁsh").matches_username(&stored));
    }

    #[test]
    fn an_email_is_looked_up_in_any_case() {
        let email = Email::parse("John.Doe@Example.COM").unwrap();
        assert_eq!(Identifier::new("JOHN.doe@eXample.com").email_key(), email.key());
    }

    #[test]
    fn white_space_is_not_trimmed() {
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
