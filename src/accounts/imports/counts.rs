//! What an import did, in numbers, and the rows that it reports.

use serde_json::{Value, json};

use crate::accounts::imports::origin_rows::BadRow;
use crate::store::tables::imports::ImportProblem;

/// Declares [`ImportCounts`], how counts add up, and their JSON.
macro_rules! counts {
    ($($(#[doc = $doc:literal])+ $name:ident,)*) => {
        /// The counts of an import.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub(crate) struct ImportCounts {
            $($(#[doc = $doc])+ pub $name: u64,)*
        }

        impl ImportCounts {
            /// Adds other counts.
            pub(super) fn add(&mut self, other: &Self) {
                $(self.$name += other.$name;)*
            }
        }

        impl From<&ImportCounts> for Value {
            fn from(counts: &ImportCounts) -> Self {
                json!({$(stringify!($name): counts.$name),*})
            }
        }
    };
}

counts! {
    /// Rows of users that were read.
    read,
    /// Users that were created.
    created,
    /// Users that were brought up to date.
    changed,
    /// Users that are as they were imported before.
    unchanged,
    /// Users that have changed at the source, and were not brought up to date since this is no sync.
    changed_at_source,
    /// Users that have changed here and at the source, and were left as they are here.
    changed_on_both_sides,
    /// Rows whose account was deleted here.
    deleted_here,
    /// Rows whose username or address was changed, since another user has it.
    renamed,
    /// Rows that were left out.
    left_out,
    /// Users that are gone at the source.
    missing,
    /// Of those, the ones that were deactivated.
    deactivated,
    /// Refresh tokens that became sessions.
    sessions,
    /// Blacklisted refresh tokens that became ended sessions.
    ended_sessions,
    /// Refresh tokens that are revoked here, or were imported before.
    tokens_skipped,
}

/// Why a row is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProblemKind {
    /// It was left out.
    LeftOut,
    /// It has changed at both sides, and was left as it is here.
    ChangedOnBothSides,
    /// The account was deleted here.
    DeletedHere,
    /// Its username or its address was changed.
    Renamed,
    /// The user is gone at the source.
    Missing,
    /// A refresh token was left out.
    Token,
}

impl ProblemKind {
    const WORDS: [(Self, &'static str); 6] = [
        (Self::LeftOut, "left-out"),
        (Self::ChangedOnBothSides, "changed-on-both-sides"),
        (Self::DeletedHere, "deleted-here"),
        (Self::Renamed, "renamed"),
        (Self::Missing, "missing"),
        (Self::Token, "token"),
    ];

    /// The word in the database and in JSON.
    pub(crate) fn as_str(self) -> &'static str {
        Self::WORDS.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }

    /// A row of this kind.
    pub(super) fn of(self, row: u64, key: Option<String>, reason: impl Into<String>) -> ImportProblem {
        ImportProblem { row, key, kind: self.as_str().to_owned(), reason: reason.into() }
    }

    /// A row that could not be read.
    pub(super) fn of_bad(self, bad: BadRow) -> ImportProblem {
        self.of(bad.number, bad.key, bad.reason)
    }
}
