//! A session: what begins with a log-in and ends with a log-out. Its handle is in the id of each of
//! its tokens (`tokens`), its row is `store`'s.

use sha2::{Digest as _, Sha256};

use crate::types::{SessionId, Timestamp, UserId};

/// How long a handle and the id of a token are, in hexadecimal digits. The id is as long as that of
/// the reference server, `uuid4().hex` (`rest_framework_simplejwt/tokens.py`, `set_jti`).
const HANDLE: usize = 20;
const TOKEN_ID: usize = 32;

/// What the ids of all tokens of one session have in common: their first 80 bits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SessionHandle(String);

impl SessionHandle {
    /// The handle of a new session.
    #[must_use]
    pub fn random() -> Self {
        Self::of_digits(&format!("{:032x}", rand::random::<u128>()))
    }

    /// The handle in a token's id: the first digits of an id as doorward and the reference server
    /// make them, and those of its SHA-256 for any other.
    #[must_use]
    pub fn of_token_id(id: &str) -> Self {
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if id.len() == TOKEN_ID && id.bytes().all(is_hex) {
            return Self::of_digits(id);
        }
        let digest = Sha256::digest(id.as_bytes());
        Self::of_digits(&hex::encode(digest))
    }

    /// A handle as the database has it.
    pub(crate) fn from_stored(digits: String) -> Self {
        Self(digits)
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

    fn of_digits(digits: &str) -> Self {
        Self(digits.chars().take(HANDLE).collect())
    }
}

/// The session of the token that came with a request.
#[derive(Clone, Debug)]
pub struct CurrentSession {
    /// Whose it is.
    pub user: UserId,
    /// What its tokens have in common.
    pub handle: SessionHandle,
    /// Its row; `None` for a token of another issuer of which there was nothing to remember yet.
    pub id: Option<SessionId>,
    /// When the token was issued, in seconds since 1970, if it says so.
    pub issued_at: Option<i64>,
    /// The same, if its issuer's clock is ahead by as much as `clock_leeway` allows.
    pub issued_at_earliest: Option<i64>,
    /// When the token expires.
    pub expires_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn of_an_id_of_uuid4_the_first_digits_are_the_handle() {
        let handle = SessionHandle::of_token_id("0123456789abcdef0123456789abcdef");
        assert_eq!(handle.as_str(), "0123456789abcdef0123");
    }

    #[test]
    fn an_id_of_another_shape_has_the_handle_of_its_digest() {
        // sha256("abc"), FIPS 180-4.
        assert_eq!(SessionHandle::of_token_id("abc").as_str(), "ba7816bf8f01cfea4141");
        let upper = "0123456789ABCDEF0123456789ABCDEF";
        assert_ne!(SessionHandle::of_token_id(upper).as_str(), &upper[..20]);
    }

    proptest! {
        #[test]
        fn every_id_has_a_handle_and_the_ids_made_with_it_have_the_same(id: String, tail: [u8; 6]) {
            let handle = SessionHandle::of_token_id(&id);
            prop_assert_eq!(handle.as_str().len(), HANDLE);
            let made = handle.token_id(tail);
            prop_assert_eq!(made.len(), TOKEN_ID);
            prop_assert_eq!(SessionHandle::of_token_id(&made), handle);
        }

        #[test]
        fn ids_with_other_first_digits_or_of_other_texts_have_other_handles(
            one in "[0-9a-f]{32}", two in "[0-9a-f]{32}", text in "\\PC{0,31}",
        ) {
            let handles = [&one, &two, &text].map(|id| SessionHandle::of_token_id(id));
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
