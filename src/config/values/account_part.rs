//! What users may change of their own account.

use super::parse::{self, Parsed};

/// A part of an account that its user may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountPart {
    /// The username.
    Name,
    /// The email address.
    Email,
    /// The password, with the old one.
    Password,
    /// The account itself, which its user may delete.
    Delete,
}

impl AccountPart {
    const WORDS: [(&'static str, Self); 4] = [
        ("name", Self::Name),
        ("email", Self::Email),
        ("password", Self::Password),
        ("delete", Self::Delete),
    ];

    /// One of the words; the error lists them.
    pub(crate) fn parse(text: &str) -> Parsed<Self> {
        parse::choice(text, &Self::WORDS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_one_of_four_words() {
        assert_eq!(AccountPart::parse("Email").unwrap(), AccountPart::Email);
        assert!(AccountPart::parse("username").unwrap_err().contains("name"));
    }
}
