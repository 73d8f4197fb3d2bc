//! What an import was asked for.

/// What happens to a user whose name or address another user has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnDuplicate {
    /// The row is left out.
    Report,
    /// The user with the newer login has it. The other gets a suffix to the name, or no address.
    NewestLogin,
    /// The later row gets a suffix to the name, or no address.
    Suffix,
}

/// What to do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ImportOptions {
    /// Nothing is written.
    pub is_dry_run: bool,
    /// Users of an earlier import are brought up to date, and those that are gone at the source are reported.
    pub is_sync: bool,
    /// Users that are gone at the source are deactivated.
    pub deactivates_missing: bool,
    /// Refresh tokens become sessions.
    pub with_tokens: bool,
    /// For names and addresses that another user has.
    pub on_duplicate: OnDuplicate,
}
