//! Which users a list has: by a part of their name or email, and by their state.

use crate::store::queries::user_list::listed_user::ListedUser;
use crate::types::{EmailKey, Timestamp, UsernameKey};

/// A part of a name or an email, in any letter case. A term of one or two characters matches at the
/// beginning only, a longer one anywhere: the index is over trigrams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SearchTerm {
    /// The term, folded as names are.
    pub(super) name: String,
    /// The term, folded as emails are.
    pub(super) email: String,
}

impl SearchTerm {
    /// The term in a search field; `None` if the field is empty.
    #[must_use]
    pub(crate) fn new(typed: &str) -> Option<Self> {
        let (name, email) = (UsernameKey::of(typed), EmailKey::of_part(typed));
        let term = Self { name: name.as_str().to_owned(), email: email.as_str().to_owned() };
        (!term.name.is_empty()).then_some(term)
    }

    /// Whether the term is too short for trigrams.
    pub(super) fn is_short(&self) -> bool {
        self.name.chars().count() < 3 || self.email.chars().count() < 3
    }

    fn rank(&self, user: &ListedUser) -> Option<MatchRank> {
        if user.username_key.starts_with(&self.name) {
            Some(MatchRank::Name)
        } else if user.email_key.starts_with(&self.email) {
            Some(MatchRank::Email)
        } else {
            let is_part = user.username_key.contains(&self.name) || user.email_key.contains(&self.email);
            (is_part && !self.is_short()).then_some(MatchRank::Part)
        }
    }
}

/// How well a term matches a user, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum MatchRank {
    /// The name begins with the term; ordered by name.
    Name,
    /// The email begins with the term; ordered by email.
    Email,
    /// The term is anywhere else in one of them; ordered by id, which is by age of the account.
    Part,
}

/// A filter by the last login.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum LastLogin {
    /// No filter.
    #[default]
    Any,
    /// Users who never logged in.
    Never,
    /// Users whose last login was before this moment, or who never logged in.
    Before(Timestamp),
}

/// Which users a list has: those that every field matches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct UserFilter {
    /// A part of the name or email.
    pub term: Option<SearchTerm>,
    /// Whether the email is confirmed.
    pub confirmed: Option<bool>,
    /// Whether the account is active.
    pub active: Option<bool>,
    /// Whether the account is to be deleted.
    pub to_be_deleted: Option<bool>,
    /// Whether the user is an administrator.
    pub admin: Option<bool>,
    /// The last login.
    pub last_login: LastLogin,
    /// The account was created after this moment.
    pub added_after: Option<Timestamp>,
}

impl UserFilter {
    /// Whether the filter matches every user.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the term is the only condition.
    pub(super) fn is_only_term(&self) -> bool {
        *self == Self { term: self.term.clone(), ..Self::default() }
    }

    /// How well the term matches; `None` without a term or a match.
    pub(super) fn rank(&self, user: &ListedUser) -> Option<MatchRank> {
        self.term.as_ref()?.rank(user)
    }

    /// [`Self::matches`] as SQL, without the term.
    pub(super) fn state_sql(&self) -> String {
        let is = |column: &str, expected: Option<bool>| match expected {
            Some(true) => Some(column.to_owned()),
            Some(false) => Some(format!("NOT {column}")),
            None => None,
        };
        let last_login = match self.last_login {
            LastLogin::Any => None,
            LastLogin::Never => Some("coalesce(last_login_at, 0) = 0".to_owned()),
            LastLogin::Before(moment) => Some(format!("coalesce(last_login_at, 0) < {}", moment.micros())),
        };
        let conditions = [
            is("is_email_confirmed", self.confirmed),
            is("is_active", self.active),
            is("(deletion_due_at IS NOT NULL)", self.to_be_deleted),
            is("is_admin", self.admin),
            last_login,
            self.added_after.map(|moment| format!("created_at > {}", moment.micros())),
        ];
        let conditions: Vec<String> = conditions.into_iter().flatten().collect();
        if conditions.is_empty() { "1 = 1".to_owned() } else { conditions.join(" AND ") }
    }

    /// Whether every field matches the user.
    pub(super) fn matches(&self, user: &ListedUser) -> bool {
        let is = |expected: Option<bool>, actual: bool| expected.is_none_or(|expected| expected == actual);
        is(self.confirmed, user.is_email_confirmed)
            && is(self.active, user.is_active)
            && is(self.to_be_deleted, user.deletion_due_at.is_some())
            && is(self.admin, user.is_admin)
            && match self.last_login {
                LastLogin::Any => true,
                LastLogin::Never => user.last_login_at.is_none(),
                LastLogin::Before(moment) => user.last_login_at.is_none_or(|at| at < moment.micros()),
            }
            && self.added_after.is_none_or(|moment| user.created_at > moment.micros())
            && self.term.as_ref().is_none_or(|term| term.rank(user).is_some())
    }
}
