//! A password hash as the database holds it. The store reads and writes it,
//! the password engine makes and checks it. Nothing here knows a format: that
//! is the business of `passwords::format`.

use std::fmt;

use zeroize::Zeroizing;

/// A stored password encoding, possibly of an unknown format.
///
/// It has no `Display` and no `Serialize`: a hash leaves the process only
/// through the store.
#[derive(Clone)]
pub struct PasswordHash(Zeroizing<String>);

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

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::PasswordHash;

    #[test]
    fn debug_shows_nothing_of_the_hash() {
        let hash = PasswordHash::from_stored("bcrypt$$2b$04$secret".into());
        assert_eq!(format!("{hash:?}"), "PasswordHash(redacted)");
    }

    #[test]
    fn the_stored_text_is_kept_as_it_is() {
        let hash = PasswordHash::from_stored("!unusable ".into());
        assert_eq!(hash.as_stored(), "!unusable ");
    }
}
