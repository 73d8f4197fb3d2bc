//! The orders of a list, and the places in them from which a page goes on.

use crate::store::queries::user_list::{ListedUser, UserFilter};

/// SortKey what a list is ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum SortKey {
    /// The name.
    Username,
    /// The address.
    Email,
    /// When the account was made.
    Created,
    /// The last login; who never did comes first.
    LastLogin,
    /// How well the term fits (see [`MatchRank`]), the best first; where no term is wanted, the name.
    #[default]
    Match,
}

/// How well a term fits a user, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum MatchRank {
    /// The name begins with it; ordered by name.
    Name,
    /// The email begins with it; ordered by email.
    Email,
    /// It is a part of one of them; ordered by when the account was made.
    Part,
}

/// An order, rising unless `falling`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SortOrder {
    /// SortKey what.
    pub by: SortKey,
    /// Whether the greatest come first.
    pub falling: bool,
}

impl SortOrder {
    /// The other way round.
    #[must_use]
    pub(crate) const fn reversed(self) -> Self {
        Self { falling: !self.falling, ..self }
    }
}

/// A place in an order: between a user and the next.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum UserCursor {
    /// After this key, which one user has.
    Key(String),
    /// After this moment (in microseconds) and this user.
    Moment(i64, i64),
    /// After this key, or this user, among those whom a term fits so well.
    Match(MatchRank, String, i64),
}

impl UserCursor {
    /// The place of a user who is wanted in an order.
    #[must_use]
    pub(crate) fn of(user: &ListedUser, wanted: &UserFilter, by: SortKey) -> Self {
        match by {
            SortKey::Match => match wanted.fit(user) {
                None => Self::Key(user.username_key.clone()),
                Some(MatchRank::Name) => Self::Match(MatchRank::Name, user.username_key.clone(), 0),
                Some(MatchRank::Email) => Self::Match(MatchRank::Email, user.email_key.clone(), 0),
                Some(MatchRank::Part) => Self::Match(MatchRank::Part, String::new(), user.id),
            },
            SortKey::Username => Self::Key(user.username_key.clone()),
            SortKey::Email => Self::Key(user.email_key.clone()),
            SortKey::Created => Self::Moment(user.created_at, user.id),
            SortKey::LastLogin => Self::Moment(user.last_login_at.unwrap_or(0), user.id),
        }
    }

    /// Whether this is a place in an order by that.
    #[must_use]
    pub(crate) const fn fits(&self, by: SortKey) -> bool {
        matches!(
            (self, by),
            (Self::Key(_), SortKey::Username | SortKey::Email | SortKey::Match)
                | (Self::Moment(..), SortKey::Created | SortKey::LastLogin)
                | (Self::Match(..), SortKey::Match)
        )
    }

    pub(crate) fn is_before(&self, other: &Self, order: SortOrder) -> bool {
        if order.falling { self > other } else { self < other }
    }
}
