//! Which registrations the API accepts.

/// Which registrations the API accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegistrationMode {
    /// All.
    Open,
    /// Those with an invitation, for the email address that it was sent to.
    Invite,
    /// None.
    Closed,
}

impl RegistrationMode {
    /// Every mode by its word.
    pub const WORDS: [(&'static str, Self); 3] =
        [("open", Self::Open), ("invite", Self::Invite), ("closed", Self::Closed)];
}
