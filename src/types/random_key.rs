//! Random keys: of one-time links and of the cookies of browser sessions. The database stores their hashes.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::macros::secret;

const KEY_BYTES: usize = 32;

/// Declares a secret of 256 random bits as URL-safe text (RFC 4648 §5, no padding).
macro_rules! random_key {
    ($(#[$attribute:meta])* $visibility:vis struct $name:ident;) => {
        secret! {
            $(#[$attribute])*
            $visibility struct $name(String);
        }

        impl $name {
            /// A new key from the operating system's randomness.
            #[must_use]
            $visibility fn random() -> Self {
                let bytes = Zeroizing::new(rand::random::<[u8; KEY_BYTES]>());
                Self(Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_slice())))
            }

            /// Reads a key from a URL or a cookie; `None` for a text that cannot be one.
            #[must_use]
            $visibility fn parse(text: &str) -> Option<Self> {
                let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).ok()?);
                (bytes.len() == KEY_BYTES).then(|| Self(Zeroizing::new(text.to_owned())))
            }

            /// The text, for the link or the cookie.
            #[must_use]
            $visibility fn expose(&self) -> &str {
                &self.0
            }

            /// The hash that the database stores. A plain SHA-256: 256 random bits cannot be guessed.
            #[must_use]
            $visibility fn hash(&self) -> [u8; 32] {
                Sha256::digest(self.0.as_bytes()).into()
            }
        }
    };
}

random_key! {
    /// The key in a one-time link ([`Link`](super::Link)).
    pub struct OneTimeKey;
}

random_key! {
    /// The key in the cookie of a browser session: of the admin, or of the account pages.
    pub(crate) struct BrowserKey;
}

impl BrowserKey {
    /// The token that every form of this session carries, so that no other site can submit one. The key
    /// cannot be computed from it.
    #[must_use]
    pub(crate) fn form_token(&self) -> String {
        let digest = Sha256::new().chain_update("form token of ").chain_update(self.expose()).finalize();
        URL_SAFE_NO_PAD.encode(digest)
    }

    /// Whether a form carries [`Self::form_token`]. Compares in constant time.
    #[must_use]
    pub(crate) fn fits_form(&self, token: &str) -> bool {
        self.form_token().as_bytes().ct_eq(token.as_bytes()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_same_after_its_link_or_cookie_and_so_is_its_hash() {
        let key = OneTimeKey::random();
        assert_eq!(OneTimeKey::parse(key.expose()).unwrap().hash(), key.hash());
        let key = BrowserKey::random();
        assert_eq!(BrowserKey::parse(key.expose()).unwrap().hash(), key.hash());
    }

    #[test]
    fn a_text_that_is_not_a_key_is_refused() {
        for text in ["", "short", "not base64 at all, not even near to it….."] {
            assert!(OneTimeKey::parse(text).is_none() && BrowserKey::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_form_fits_its_own_session_alone() {
        let (mine, other) = (BrowserKey::random(), BrowserKey::random());
        assert!(mine.fits_form(&mine.form_token()));
        assert!(!mine.fits_form(&other.form_token()) && !mine.fits_form(""));
    }

    #[test]
    fn neither_the_debug_form_nor_the_form_token_shows_the_key() {
        let key = BrowserKey::random();
        assert!(!format!("{key:?}").contains(key.expose()) && key.form_token() != key.expose());
    }
}
