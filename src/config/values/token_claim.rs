//! The claims of tokens that operators choose.

use super::parse::{self, Parsed};

/// A claim about the user in access tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenClaim {
    /// The username.
    Username,
    /// The email address.
    Email,
    /// The names of the user's groups.
    Groups,
    /// Whether the user may enter the admin, by the name that it has in Django.
    IsStaff,
}

impl TokenClaim {
    const WORDS: [(&'static str, Self); 4] = [
        ("username", Self::Username),
        ("email", Self::Email),
        ("groups", Self::Groups),
        ("is_staff", Self::IsStaff),
    ];

    /// One of the words; the error lists them.
    pub(crate) fn parse(text: &str) -> Parsed<Self> {
        parse::choice(text, &Self::WORDS)
    }

    /// The name of the claim.
    pub fn as_str(self) -> &'static str {
        Self::WORDS.iter().find(|(_, claim)| *claim == self).map_or("", |(word, _)| word)
    }
}

/// Claims that have a meaning of their own in a token (RFC 7519 §4.1, and Simple JWT's `TOKEN_TYPE_CLAIM`).
const OTHERS: [&str; 7] = ["exp", "nbf", "iat", "jti", "iss", "aud", "token_type"];

/// A name for the claim with the user's id.
pub(crate) fn user_id_claim(text: &str) -> Parsed<String> {
    let is_name =
        (1..=100).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"');
    let is_other = OTHERS.contains(&text) || TokenClaim::WORDS.iter().any(|(word, _)| *word == text);
    match (is_name, is_other) {
        (true, false) => Ok(text.to_owned()),
        (true, true) => Err("expected a claim that has no other meaning, such as user_id or sub".to_owned()),
        (false, _) => Err("expected a name without spaces, such as user_id or sub".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_claim_with_the_id_has_a_name_of_its_own() {
        for name in ["user_id", "sub", "https://example.com/uid"] {
            assert_eq!(user_id_claim(name).unwrap(), name);
        }
        for name in ["", "exp", "jti", "token_type", "username", "is_staff", "user id", "ü", "a\"b"] {
            assert!(user_id_claim(name).is_err(), "{name}");
        }
    }

    #[test]
    fn a_claim_is_one_of_four_words() {
        assert_eq!(TokenClaim::parse("Is_Staff").unwrap().as_str(), "is_staff");
        assert!(TokenClaim::parse("password").unwrap_err().contains("username"));
    }
}
