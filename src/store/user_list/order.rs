//! The orders of a list, and the places in them from which a page goes on.

use super::Listed;

/// By what a list is ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// The name.
    #[default]
    Username,
    /// The address.
    Email,
    /// When the account was made.
    Created,
    /// The last login; who never did comes first.
    LastLogin,
}

/// An order, rising unless `falling`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// By what.
    pub by: By,
    /// Whether the greatest come first.
    pub falling: bool,
}

impl Order {
    /// The other way round.
    #[must_use]
    pub const fn reversed(self) -> Self {
        Self { falling: !self.falling, ..self }
    }
}

/// A place in an order: between a user and the next.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// After this key, which one user has.
    Key(String),
    /// After this moment (in microseconds) and this user.
    Moment(i64, i64),
}

impl Place {
    /// The place of a user in an order.
    #[must_use]
    pub fn of(user: &Listed, by: By) -> Self {
        match by {
            By::Username => Self::Key(user.username_key.clone()),
            By::Email => Self::Key(user.email_key.clone()),
            By::Created => Self::Moment(user.created_at, user.id),
            By::LastLogin => Self::Moment(user.last_login_at.unwrap_or(0), user.id),
        }
    }

    /// Whether this is a place in an order by that.
    #[must_use]
    pub const fn fits(&self, by: By) -> bool {
        matches!(
            (self, by),
            (Self::Key(_), By::Username | By::Email) | (Self::Moment(..), By::Created | By::LastLogin)
        )
    }

    pub(super) fn is_before(&self, other: &Self, order: Order) -> bool {
        if order.falling { self > other } else { self < other }
    }
}
