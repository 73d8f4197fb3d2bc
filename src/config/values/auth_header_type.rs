//! The word before a token in `Authorization`.

use super::parse::Parsed;

/// An authentication scheme (RFC 9110 §11.1), in exactly the letter case in which clients have to send it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthHeaderType(String);

impl AuthHeaderType {
    /// A token of HTTP (RFC 9110 §5.6.2).
    pub(crate) fn parse(text: &str) -> Parsed<Self> {
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        (!text.is_empty() && text.len() <= 100 && text.bytes().all(is_token))
            .then(|| Self(text.to_owned()))
            .ok_or_else(|| "expected words such as Bearer or JWT, separated by commas".to_owned())
    }

    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_one_word_without_separators() {
        assert_eq!(AuthHeaderType::parse("JWT").unwrap().as_str(), "JWT");
        for text in ["", "Bearer token", "a,b", "a=b", "ä", "a\0", "\"x\""] {
            assert!(AuthHeaderType::parse(text).is_err(), "{text}");
        }
    }
}
