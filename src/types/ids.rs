//! The ids of users, sessions and mails.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use super::macros::id;
use super::moment::Timestamp;

id! {
    /// The number of a user's row. Never reused after the user is deleted. Clients see [`PublicId`], which mostly is
    /// this number.
    pub struct UserId;
}

/// A user's id as clients know it: what `id` in bodies and `user_id` in tokens say. Users of a server whose ids are no
/// integers, such as a Django with a UUID as primary key, keep that id as a text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum PublicId {
    /// The number of the row, for users without an id of another kind.
    Integer(UserId),
    /// Any other id. Made by [`PublicId::text`], or read from the database.
    Text(String),
}

impl PublicId {
    /// The most characters of a text.
    pub const MAX_CHARS: usize = 255;

    /// A text as id. `None` for what no user has: a blank one, one of more than [`Self::MAX_CHARS`] characters, and one
    /// with a NUL, which PostgreSQL refuses.
    #[must_use]
    pub fn text(text: String) -> Option<Self> {
        let is_id =
            !text.trim().is_empty() && !text.contains('\0') && text.chars().count() <= Self::MAX_CHARS;
        is_id.then_some(Self::Text(text))
    }

    /// The id as `{uid}` of a link names it: base64url of its text (Django's `urlsafe_base64_encode`,
    /// `django/utils/http.py`).
    #[must_use]
    pub(crate) fn to_uid(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.to_string())
    }

    /// Reads what [`Self::to_uid`] writes, with padding or without. An integer comes back as its text, by which its
    /// user is found, too.
    #[must_use]
    pub(crate) fn from_uid(uid: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(uid.trim_end_matches('=')).ok()?;
        Self::text(String::from_utf8(bytes).ok()?)
    }
}

impl fmt::Display for PublicId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(id) => id.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

id! {
    /// The number of a session's row. Clients see [`crate::types::SessionHandle::public_id`] instead: numbers
    /// would tell how many logins there are.
    pub struct SessionId;
}

id! {
    /// The number of a bulk action. Later ones have higher numbers.
    pub struct BulkId;
}

id! {
    /// The number of an import. Later ones have higher numbers.
    pub(crate) struct ImportId;
}

id! {
    /// A mail's id in the outbox. Later mails have higher ids.
    pub struct MailId;
}

/// Which ids new users get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewIds {
    /// As those of the users with a text as id, if there are some; else integers.
    Auto,
    /// [`PublicId::Integer`].
    Integer,
    /// A random UUID (RFC 9562 §5.4).
    Uuid4,
    /// A UUID that begins with the time (RFC 9562 §5.7).
    Uuid7,
}

impl NewIds {
    /// Every kind by its word.
    pub const WORDS: [(&'static str, Self); 4] =
        [("auto", Self::Auto), ("integer", Self::Integer), ("uuid4", Self::Uuid4), ("uuid7", Self::Uuid7)];

    /// A new id that is like `other`: a UUID of the same version, with hyphens or without; else a random UUID.
    #[must_use]
    pub(crate) fn like(other: &str, now: Timestamp) -> String {
        let digits: String = other.chars().filter(|c| *c != '-').collect();
        let is_uuid = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let uuid = match is_uuid && digits.as_bytes().get(12) == Some(&b'7') {
            true => uuid7(now),
            false => uuid4(),
        };
        if is_uuid && !other.contains('-') { uuid.replace('-', "") } else { uuid }
    }
}

/// A random UUID.
pub(crate) fn uuid4() -> String {
    uuid(4, rand::random())
}

/// A UUID that begins with the milliseconds since 1970.
pub(crate) fn uuid7(now: Timestamp) -> String {
    let millis = u128::from(u64::try_from(now.micros() / 1000).unwrap_or(0));
    uuid(7, (millis << 80) | (rand::random::<u128>() >> 48))
}

/// These bits as a UUID of a version, as text.
fn uuid(version: u128, bits: u128) -> String {
    let bits = bits & !(0xf << 76 | 0x3 << 62) | version << 76 | 0x2 << 62;
    let digits = format!("{bits:032x}");
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| digits.get(part).unwrap_or_default());
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(0x0190_0000_0001 * 1000);

    fn shape(uuid: &str) -> (Vec<usize>, char, bool) {
        let parts = uuid.split('-').map(str::len).collect();
        (parts, uuid.as_bytes()[14].into(), b"89ab".contains(&uuid.as_bytes()[19]))
    }

    #[test]
    fn a_uuid_has_its_version_and_variant() {
        for _ in 0..100 {
            assert_eq!(shape(&uuid4()), (vec![8, 4, 4, 4, 12], '4', true));
            assert_eq!(shape(&uuid7(NOW)), (vec![8, 4, 4, 4, 12], '7', true));
        }
        assert_ne!(uuid4(), uuid4());
        assert!(uuid7(NOW).starts_with("01900000-0001-7"), "{}", uuid7(NOW));
    }

    #[test]
    fn a_new_id_is_like_another() {
        let version = |other: &str| NewIds::like(other, NOW);
        assert_eq!(shape(&version("01900000-0001-7abc-8000-000000000000")).1, '7');
        assert_eq!(shape(&version("d9b2d63d-a233-4123-847a-7090a7a2a0a1")).1, '4');
        assert_eq!(shape(&version("V1StGXR8_Z5jdHi6B-myT")).1, '4');
        let plain = version("d9b2d63da2334123847a7090a7a2a0a1");
        assert!(plain.len() == 32 && !plain.contains('-'), "{plain}");
    }

    #[test]
    fn a_text_that_is_no_id_is_refused() {
        assert_eq!(PublicId::text("x".repeat(255)).map(|id| id.to_string()), Some("x".repeat(255)));
        for text in ["", "  ", "a\0b", &"é".repeat(256)] {
            assert_eq!(PublicId::text(text.to_owned()), None, "{text:?}");
        }
    }

    #[test]
    fn the_id_in_a_link_is_that_of_django_and_comes_back_as_a_text() {
        let seven = PublicId::Integer(UserId::new(7));
        assert_eq!(seven.to_uid(), "Nw");
        assert_eq!(PublicId::from_uid("Nw"), PublicId::text("7".to_owned()));
        assert_eq!(PublicId::from_uid("Nw=="), PublicId::text("7".to_owned()));
        let text = PublicId::Text("d9b2d63d-é".to_owned());
        assert_eq!(PublicId::from_uid(&text.to_uid()), Some(text));
        for uid in ["", "!!!", "x", "_w", "AA", "Nw=x"] {
            assert_eq!(PublicId::from_uid(uid), None, "{uid}");
        }
    }

    #[test]
    fn an_id_is_a_number_or_a_string_in_json() {
        let json = |id: PublicId| serde_json::to_string(&id).unwrap();
        assert_eq!(json(PublicId::Integer(UserId::new(7))), "7");
        assert_eq!(json(PublicId::Text("7".to_owned())), "\"7\"");
    }
}
