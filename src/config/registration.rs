//! Who may make an account over the API.

use super::parse::{self, Parsed};

/// Who may make an account over the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegistrationMode {
    /// Everybody.
    Open,
    /// Who was invited by mail, with the address that the invitation went to.
    Invite,
    /// Nobody.
    Closed,
}

impl RegistrationMode {
    /// Every mode by its word.
    pub const WORDS: [(&'static str, Self); 3] =
        [("open", Self::Open), ("invite", Self::Invite), ("closed", Self::Closed)];

    pub(super) fn parse(text: &str) -> Parsed<Self> {
        parse::choice(text, &Self::WORDS)
    }
}
