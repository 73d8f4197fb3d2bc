//! An access token in its compact form. Made by `tokens`, written into cookies by `api`.

use std::fmt;

use zeroize::Zeroizing;

/// A signed JWT (RFC 7519) of type "access". Whoever holds it is the user: so it has no
/// `Display`, and its `Debug` says nothing.
#[derive(Clone)]
pub struct AccessToken(Zeroizing<String>);

impl AccessToken {
    /// Wraps a token that was just signed.
    pub(crate) fn new(compact: String) -> Self {
        Self(Zeroizing::new(compact))
    }

    /// The text, for the cookie.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(…)")
    }
}
