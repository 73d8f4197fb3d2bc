//! The sender of emails.

use std::fmt;

use crate::types::Email;

use super::parse::Parsed;

/// The longest name, in characters, so that it fits into one header line.
const MAX_NAME: usize = 60;

/// An email address with an optional name (RFC 5322 §3.4, "mailbox").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// The name that mail clients display.
    pub name: Option<String>,
    /// The address.
    pub email: Email,
}

impl Sender {
    /// `accounts@example.com`, `Example <accounts@example.com>`, or the name in quotes.
    pub(crate) fn parse(text: &str) -> Parsed<Self> {
        let (name, address) = match text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
            Some((name, address)) => (name.trim(), address),
            None => ("", text),
        };
        let name = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name);
        let is_plain = !name.contains(|c: char| c.is_control() || "<>\"\\".contains(c));
        let email = Email::parse(address).ok().filter(|_| is_plain && name.chars().count() <= MAX_NAME);
        let email = email
            .ok_or("expected an address such as accounts@example.com, or Example <accounts@example.com>")?;
        Ok(Self { name: Some(name.to_owned()).filter(|name| !name.is_empty()), email })
    }
}

impl fmt::Display for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "{name} <{}>", self.email),
            None => self.email.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_is_an_address_with_an_optional_name() {
        let read = |text| Sender::parse(text).unwrap().to_string();
        assert_eq!(read("accounts@example.com"), "accounts@example.com");
        assert_eq!(read("Example, Inc. <accounts@example.com>"), "Example, Inc. <accounts@example.com>");
        assert_eq!(read("\"Example\" <accounts@example.com>"), "Example <accounts@example.com>");
        assert_eq!(read("<accounts@example.com>"), "accounts@example.com");
    }

    #[test]
    fn more_than_one_line_or_one_address_is_refused() {
        let long = format!("{} <a@example.com>", "x".repeat(61));
        let bad = [
            "",
            "Example",
            "Example <>",
            "a@example.com, b@example.com",
            "A <a@example.com>, B <b@example.com>",
            "A\nBcc: x@example.com <a@example.com>",
            "A\"B <a@example.com>",
            &long,
        ];
        for text in bad {
            assert!(Sender::parse(text).is_err(), "{text}");
        }
    }
}
