//! A plain password in memory, and a password hash as the database stores it.

use stringprep::tables::non_ascii_space_character;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use super::macros::secret;

secret! {
    /// A plain password: any text of any length, NUL characters included. Never stored.
    pub struct Password(String);
}

secret! {
    /// A password hash in the encoding of its column, possibly of an unknown format: `passwords::formats`
    /// reads it. It leaves the process only through the store.
    pub struct PasswordHash(String);
}

impl Password {
    /// The maximum length of a new password in characters, in forms and the API: as in Django's model
    /// (`django/contrib/auth/base_user.py`, `password`).
    pub const MAX_CHARS: usize = 128;

    /// A new random password that is easy to read and to type, of at least so many characters: groups of four of 32
    /// letters and digits, without those that look alike. 20 of them are 100 bits.
    pub(crate) fn suggestion(min_length: usize) -> Self {
        const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
        let groups = min_length.div_ceil(5).max(5);
        let mut text = Zeroizing::new(String::with_capacity(groups * 5));
        for group in 0..groups {
            if group > 0 {
                text.push('-');
            }
            let random = rand::random::<[u8; 4]>();
            text.extend(random.map(|byte| char::from(ALPHABET[usize::from(byte % 32)])));
        }
        Self(text)
    }

    /// Takes the text as it is, neither trimmed nor normalised, as in `django/contrib/auth/hashers.py`,
    /// `make_password`.
    pub fn new(plain: String) -> Self {
        Self(Zeroizing::new(plain))
    }

    /// The form in which a new password is hashed, so that it does not depend on the keyboard: spaces of any
    /// width are U+0020, and Unicode's form is NFC (RFC 8265 §4.2.2, OpaqueString; NIST SP 800-63B §5.1.1.2).
    pub fn canonical(&self) -> Self {
        // With its final capacity: a buffer that grew would leave a copy unwiped. No form NFC is longer than
        // three times the text (Unicode Standard Annex #15, table 5).
        let mut text = Zeroizing::new(String::with_capacity(self.0.len() * 3));
        let is_space = |c| non_ascii_space_character(c);
        text.extend(self.0.chars().map(|c| if is_space(c) { ' ' } else { c }).nfc());
        Self(text)
    }

    /// The forms that a password may have been hashed in: as typed, which is how Django hashes it, and
    /// [`Self::canonical`] if that differs. How many there are depends on the text alone.
    pub fn forms(self) -> Vec<Self> {
        let canonical = self.canonical();
        if canonical.0 == self.0 { vec![self] } else { vec![self, canonical] }
    }

    /// The UTF-8 bytes, which every hash function works on.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The text, for the password validators.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl PasswordHash {
    /// Wraps the text of the database column, whatever it holds.
    pub fn from_stored(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text for the database column.
    pub fn as_stored(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_neither_the_password_nor_the_hash() {
        let password = Password::new("hunter2".into());
        assert_eq!(format!("{:?}", Some(password)), "Some(Password(redacted))");
        let hash = PasswordHash::from_stored("bcrypt$$2b$04$secret".into());
        assert_eq!(format!("{hash:?}"), "PasswordHash(redacted)");
    }

    fn canonical(text: &str) -> String {
        Password::new(text.into()).canonical().expose().to_owned()
    }

    #[test]
    fn the_canonical_form_is_that_of_rfc_8265() {
        for (typed, form) in [
            ("Zu\u{308}rich-Cafe\u{301}-9", "Zürich-Café-9"),
            ("Zürich-Café-9", "Zürich-Café-9"),
            ("a\u{a0}b\u{3000}c d", "a b c d"),
            ("\u{212b}ngström", "Ångström"),
            // Neither width nor letter case is folded.
            ("Ｋａｎａ ﬁ", "Ｋａｎａ ﬁ"),
        ] {
            assert_eq!(canonical(typed), form);
            assert_eq!(canonical(form), form);
        }
    }

    #[test]
    fn a_password_has_a_second_form_only_where_it_differs() {
        let forms = |text: &str| Password::new(text.into()).forms().len();
        assert_eq!((forms("plain"), forms("Café"), forms("Cafe\u{301}")), (1, 1, 2));
    }

    #[test]
    fn no_canonical_form_outgrows_its_buffer() {
        for c in '\0'..=char::MAX {
            assert!(canonical(&c.to_string()).len() <= 3 * c.len_utf8(), "{c:?}");
        }
    }

    #[test]
    fn a_password_and_a_hash_are_not_trimmed() {
        let password = Password::new(" a\0ß ".into());
        assert_eq!(password.expose(), " a\0ß ");
        assert_eq!(password.as_bytes(), " a\0ß ".as_bytes());
        assert_eq!(PasswordHash::from_stored("!unusable ".into()).as_stored(), "!unusable ");
    }
}
