//! A plain password in memory, and a password hash as the database stores it.

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

    /// Takes the text as it is, neither trimmed nor normalised, as in `django/contrib/auth/hashers.py`,
    /// `make_password`.
    pub fn new(plain: String) -> Self {
        Self(Zeroizing::new(plain))
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

    #[test]
    fn a_password_and_a_hash_are_not_trimmed() {
        let password = Password::new(" a\0ß ".into());
        assert_eq!(password.expose(), " a\0ß ");
        assert_eq!(password.as_bytes(), " a\0ß ".as_bytes());
        assert_eq!(PasswordHash::from_stored("!unusable ".into()).as_stored(), "!unusable ");
    }
}
