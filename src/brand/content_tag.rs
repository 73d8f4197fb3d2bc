//! A hash of a file's content, short enough for a URL. What such a URL names never changes, so browsers need not
//! ask again (RFC 8246).

use std::fmt;

use sha2::{Digest as _, Sha256};

/// How many hexadecimal digits of the hash there are.
const DIGITS: usize = 8;

/// The beginning of the SHA-256 of a file. Not against forgery: the files are public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ContentTag(String);

impl ContentTag {
    pub(crate) fn of(content: &[u8]) -> Self {
        Self(hex::encode(Sha256::digest(content))[..DIGITS].to_owned())
    }

    /// Whether a text has the form of a tag.
    #[must_use]
    pub(crate) fn is_tag(text: &str) -> bool {
        text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ContentTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
