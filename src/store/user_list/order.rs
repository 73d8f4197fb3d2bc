//! The orders of a list, and the places in them from which a page goes on.

use super::{Listed, Wanted};

/// By what a list is ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// The name.
    Username,
    /// The address.
    Email,
    /// When the account was made.
    Created,
    /// The last login; who never did comes first.
    LastLogin,
    /// How well the term fits (see [`Fit`]), the best first; where no term is wanted, the name.
    #[default]
    Match,
}

/// How well a term fits a user, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// The name begins with it; ordered by name.
    Name,
    /// The email begins with it; ordered by email.
    Email,
    /// It is a part of one of them; ordered by when the account was made.
    Part,
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
    /// After this key, or this user, among those whom a term fits so well.
    Fit(Fit, String, i64),
}

impl Place {
    /// The place of a user who is wanted in an order.
    #[must_use]
    pub fn of(user: &Listed, wanted: &Wanted, by: By) -> Self {
        match by {
            By::Match => match wanted.fit(user) {
                None => Self::Key(user.username_key.clone()),
                Some(Fit::Name) => Self::Fit(Fit::Name, user.username_key.clone(), 0),
                Some(Fit::Email) => Self::Fit(Fit::Email, user.email_key.clone(), 0),
                Some(Fit::Part) => Self::Fit(Fit::Part, String::new(), user.id),
            },
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
            (Self::Key(_), By::Username | By::Email | By::Match)
                | (Self::Moment(..), By::Created | By::LastLogin)
                | (Self::Fit(..), By::Match)
        )
    }

    pub(super) fn is_before(&self, other: &Self, order: Order) -> bool {
        if order.falling { self > other } else { self < other }
    }
}
