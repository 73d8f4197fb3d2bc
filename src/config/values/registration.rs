//! Which registrations the API accepts.

/// Which registrations the API accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegistrationMode {
    /// Every client may register.
    Open,
    /// Those with an invitation, for the email address that it was sent to.
    Invite,
    /// No client may register.
    Closed,
}

impl RegistrationMode {
    /// Every mode by its word.
    pub const WORDS: [(&'static str, Self); 3] =
        [("open", Self::Open), ("invite", Self::Invite), ("closed", Self::Closed)];
}
