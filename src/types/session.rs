//! A session of the API: it begins with a login and ends with a logout. Its handle is part of the id of
//! each of its tokens; its row is in `store::tables::sessions`.

use sha2::{Digest as _, Sha256};

use crate::types::{SessionId, Timestamp, UserId};

/// Length of a handle, in hexadecimal digits.
const HANDLE_DIGITS: usize = 20;

/// Length of a token id, in hexadecimal digits: as long as that of the reference server, `uuid4().hex`
/// (`rest_framework_simplejwt/tokens.py`, `set_jti`).
const TOKEN_ID_DIGITS: usize = 32;

/// Length of the id that a client sees, in hexadecimal digits.
const PUBLIC_ID_DIGITS: usize = 32;

/// The first 80 bits of the ids of all tokens of one session.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SessionHandle(String);

impl SessionHandle {
    /// The handle of a new session.
    #[must_use]
    pub fn random() -> Self {
        Self::from_digits(&format!("{:032x}", rand::random::<u128>()))
    }

    /// The handle in a token's id: the first digits of an id as doorward and the reference server
    /// create them, and the first digits of its SHA-256 for any other.
    #[must_use]
    pub fn from_token_id(id: &str) -> Self {
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if id.len() == TOKEN_ID_DIGITS && id.bytes().all(is_hex) {
            return Self::from_digits(id);
        }
        let digest = Sha256::digest(id.as_bytes());
        Self::from_digits(&hex::encode(digest))
    }

    /// A handle from the database.
    pub(crate) fn from_stored(digits: String) -> Self {
        Self(digits)
    }

    /// The id of the session for its owner's list: 32 hexadecimal digits, from which neither the handle nor any
    /// token can be computed. It gives access to nothing.
    pub(crate) fn public_id(&self) -> String {
        let digest = Sha256::digest(format!("session:{}", self.0).as_bytes());
        hex::encode(digest).chars().take(PUBLIC_ID_DIGITS).collect()
    }

    /// The 20 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id of a token of this session: the handle and 48 bits of `tail`.
    #[must_use]
    pub fn token_id(&self, tail: [u8; 6]) -> String {
        format!("{}{}", self.0, hex::encode(tail))
    }

    fn from_digits(digits: &str) -> Self {
        Self(digits.chars().take(HANDLE_DIGITS).collect())
    }
}

/// The session of the token that came with a request.
#[derive(Clone, Debug)]
pub struct CurrentSession {
    /// The user of the token.
    pub user: UserId,
    /// The common part of the ids of its tokens.
    pub handle: SessionHandle,
    /// Its row; `None` for a token of another issuer that has no row yet.
    pub id: Option<SessionId>,
    /// When the token was issued, in seconds since 1970; `None` without the claim `iat`.
    pub issued_at: Option<i64>,
    /// [`Self::issued_at`] less `clock_leeway`, by which the clock of the issuer may be ahead.
    pub issued_at_earliest: Option<i64>,
    /// When the token expires.
    pub expires_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_handle_of_a_uuid4_id_is_its_first_digits() {
        let handle = SessionHandle::from_token_id("0123456789abcdef0123456789abcdef");
        assert_eq!(handle.as_str(), "0123456789abcdef0123");
    }

    #[test]
    fn the_handle_of_another_id_is_from_its_digest() {
        // sha256("abc"), FIPS 180-4.
        assert_eq!(SessionHandle::from_token_id("abc").as_str(), "ba7816bf8f01cfea4141");
        let upper = "0123456789ABCDEF0123456789ABCDEF";
        assert_ne!(SessionHandle::from_token_id(upper).as_str(), &upper[..20]);
    }

    #[test]
    fn a_public_id_shows_nothing_of_the_handle() {
        let handle = SessionHandle::random();
        let id = handle.public_id();
        assert_eq!((id.len(), &id), (32, &handle.public_id()));
        assert!(!id.contains(&handle.as_str()[..8]));
        assert_ne!(id, SessionHandle::random().public_id());
    }

    proptest! {
        #[test]
        fn a_token_id_has_the_handle_that_it_was_made_with(id: String, tail: [u8; 6]) {
            let handle = SessionHandle::from_token_id(&id);
            prop_assert_eq!(handle.as_str().len(), HANDLE_DIGITS);
            let made = handle.token_id(tail);
            prop_assert_eq!(made.len(), TOKEN_ID_DIGITS);
            prop_assert_eq!(SessionHandle::from_token_id(&made), handle);
        }

        #[test]
        fn different_ids_have_different_handles(
            one in "[0-9a-f]{32}", two in "[0-9a-f]{32}", text in "\\PC{0,31}",
        ) {
            let handles = [&one, &two, &text].map(|id| SessionHandle::from_token_id(id));
            prop_assert_eq!(handles[0] == handles[1], one[..20] == two[..20]);
            prop_assert_ne!(&handles[0], &handles[2]);
        }

        #[test]
        fn different_tails_make_different_ids(one: [u8; 6], two: [u8; 6]) {
            let handle = SessionHandle::random();
            prop_assert_eq!(handle.token_id(one) == handle.token_id(two), one == two);
        }
    }
}
