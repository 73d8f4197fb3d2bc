//! The orders of a list, and the cursors from which a page continues.

use crate::store::queries::user_list::filter::{MatchRank, UserFilter};
use crate::store::queries::user_list::listed_user::ListedUser;

/// What a list is ordered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum SortKey {
    /// The name.
    Username,
    /// The email.
    Email,
    /// When the account was created.
    Created,
    /// The last login; users who never logged in come first.
    LastLogin,
    /// How well the search matches (see [`MatchRank`]), the best first; by name without a search.
    #[default]
    Match,
}

/// The second column of the index `users_email_key`, in the same words.
const BLANK_EMAIL_ID: &str = "(CASE WHEN email_key = '' THEN id ELSE 0 END)";

impl SortKey {
    /// The SQL that an index is in the order of, and what decides between users who have the same. For a match, which no
    /// index is in the order of, those of the name.
    pub(super) fn columns(self) -> (&'static str, &'static str) {
        match self {
            Self::Username | Self::Match => ("username_key", "id"),
            Self::Email => ("email_key", BLANK_EMAIL_ID),
            Self::Created => ("created_at", "id"),
            Self::LastLogin => ("coalesce(last_login_at, 0)", "id"),
        }
    }
}

/// An order, ascending unless `descending`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SortOrder {
    /// What the list is ordered by.
    pub by: SortKey,
    /// Whether the greatest come first.
    pub descending: bool,
}

impl SortOrder {
    /// The opposite order.
    #[must_use]
    pub(crate) const fn reversed(self) -> Self {
        Self { descending: !self.descending, ..self }
    }
}

/// The position of a user in an order. A page continues after it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum UserCursor {
    /// A folded name, which one user has.
    Key(String),
    /// A folded email, and the user's id if it is blank, which that of any number of users is; else 0.
    Email(String, i64),
    /// A moment in microseconds since 1970, and the user's id.
    Moment(i64, i64),
    /// A rank, and in it a folded name or email, or (for [`MatchRank::Id`] and [`MatchRank::Part`]) an id.
    Match(MatchRank, String, i64),
}

impl UserCursor {
    /// The position of a user that the filter matches.
    #[must_use]
    pub(crate) fn at_user(user: &ListedUser, filter: &UserFilter, by: SortKey) -> Self {
        match by {
            SortKey::Match => match filter.rank(user) {
                None => Self::Key(user.username_key.clone()),
                Some(rank) => Self::at_rank(user, rank),
            },
            SortKey::Username => Self::Key(user.username_key.clone()),
            SortKey::Email => {
                let id = if user.email_key.is_empty() { user.id } else { 0 };
                Self::Email(user.email_key.clone(), id)
            }
            SortKey::Created => Self::Moment(user.created_at, user.id),
            SortKey::LastLogin => Self::Moment(user.last_login_at.unwrap_or(0), user.id),
        }
    }

    /// The position of a user among those of a rank.
    pub(super) fn at_rank(user: &ListedUser, rank: MatchRank) -> Self {
        match rank {
            MatchRank::Name => Self::Match(rank, user.username_key.clone(), 0),
            MatchRank::Email => Self::Match(rank, user.email_key.clone(), 0),
            MatchRank::Unaccented => Self::Match(rank, user.search_key.clone().unwrap_or_default(), 0),
            MatchRank::Id | MatchRank::Part => Self::Match(rank, String::new(), user.id),
        }
    }

    /// Whether this is a position in an order by `key`.
    #[must_use]
    pub(crate) const fn belongs_to(&self, key: SortKey) -> bool {
        matches!(
            (self, key),
            (Self::Key(_), SortKey::Username | SortKey::Match)
                | (Self::Email(..), SortKey::Email)
                | (Self::Moment(..), SortKey::Created | SortKey::LastLogin)
                | (Self::Match(..), SortKey::Match)
        )
    }

    pub(super) fn is_before(&self, other: &Self, order: SortOrder) -> bool {
        if order.descending { self > other } else { self < other }
    }
}
