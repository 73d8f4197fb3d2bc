//! A plain password in memory. The doors make it from what a client sent, the
//! account verbs hand it to the password engine. It is never stored, printed
//! or serialized, and its bytes are wiped when it is dropped.

use std::fmt;

use zeroize::Zeroizing;

/// A plain password: any text, of any length, NUL bytes included.
///
/// It has no `Display` and no `Serialize`, and no `==`, which would compare in
/// a time that depends on the content.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// The most characters that a new password may have, at the doors that people type it into: as
    /// in Django's model (`django/contrib/auth/base_user.py`, `password`).
    pub const MAX_CHARS: usize = 128;

    /// Takes the text over as it is: nothing is trimmed or normalized, as in
    /// `django/contrib/auth/hashers.py`, `make_password`.
    pub fn new(plain: String) -> Self {
        Self(Zeroizing::new(plain))
    }

    /// The UTF-8 bytes, which is what every hasher works on.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The text itself, for the password validators.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::Password;

    #[test]
    fn debug_shows_nothing_of_the_password() {
        let shown = format!("{:?}", Some(Password::new("hunter2".into())));
        assert_eq!(shown, "Some(Password(redacted))");
    }

    #[test]
    fn the_text_is_kept_as_it_came() {
        let password = Password::new(" a\0ß ".into());
        assert_eq!(password.expose(), " a\0ß ");
        assert_eq!(password.as_bytes(), " a\0ß ".as_bytes());
    }
}
