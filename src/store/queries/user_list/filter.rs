//! Which users a list is to show: by a part of their name or email, and by what they are.

use crate::store::queries::user_list::{ListedUser, MatchRank};
use crate::types::{EmailKey, Timestamp, UsernameKey};

/// A part of a name or an address, in any letter case. One or two characters are looked for at the
/// beginning, more of them anywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SearchTerm {
    pub(crate) name: String,
    pub(crate) address: String,
}

impl SearchTerm {
    /// What somebody typed; `None` if that is nothing.
    #[must_use]
    pub(crate) fn new(typed: &str) -> Option<Self> {
        // No name holds a NUL, and no query may.
        let typed = typed.replace('\0', "\u{fffd}");
        let (name, address) = (UsernameKey::of(&typed), EmailKey::of(&typed));
        let term = Self { name: name.as_str().to_owned(), address: address.as_str().to_owned() };
        (!term.name.is_empty()).then_some(term)
    }

    pub(crate) fn is_short(&self) -> bool {
        self.name.chars().count() < 3 || self.address.chars().count() < 3
    }

    fn fit(&self, user: &ListedUser) -> Option<MatchRank> {
        if user.username_key.starts_with(&self.name) {
            Some(MatchRank::Name)
        } else if user.email_key.starts_with(&self.address) {
            Some(MatchRank::Email)
        } else {
            let is_part = user.username_key.contains(&self.name) || user.email_key.contains(&self.address);
            (is_part && !self.is_short()).then_some(MatchRank::Part)
        }
    }
}

/// Which users are wanted by their last login.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum LastLogin {
    /// All.
    #[default]
    Any,
    /// Those who never logged in.
    Never,
    /// Those who never did or not since then.
    Before(Timestamp),
}

/// Which users are wanted: those whom everything fits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct UserFilter {
    /// What their name or address holds.
    pub term: Option<SearchTerm>,
    /// Whether their email is confirmed.
    pub confirmed: Option<bool>,
    /// Whether they may log in.
    pub active: Option<bool>,
    /// Whether they are administrators.
    pub admin: Option<bool>,
    /// Their last login.
    pub last_login: LastLogin,
    /// After which moment their account was made.
    pub added_after: Option<Timestamp>,
}

impl UserFilter {
    /// Whether that is everybody.
    #[must_use]
    pub(crate) fn is_everybody(&self) -> bool {
        *self == Self::default()
    }

    /// Whether nothing but the term is asked.
    pub(crate) fn is_only_term(&self) -> bool {
        *self == Self { term: self.term.clone(), ..Self::default() }
    }

    /// How well the term fits, if there is one and it does.
    pub(crate) fn fit(&self, user: &ListedUser) -> Option<MatchRank> {
        self.term.as_ref()?.fit(user)
    }

    /// The same as [`Self::fits`] in SQL, but for the term.
    pub(crate) fn flags(&self) -> String {
        let is = |column: &str, wanted: Option<bool>| match wanted {
            Some(true) => Some(column.to_owned()),
            Some(false) => Some(format!("NOT {column}")),
            None => None,
        };
        let last_login = match self.last_login {
            LastLogin::Any => None,
            LastLogin::Never => Some("coalesce(last_login_at, 0) = 0".to_owned()),
            LastLogin::Before(then) => Some(format!("coalesce(last_login_at, 0) < {}", then.micros())),
        };
        let all = [
            is("is_email_confirmed", self.confirmed),
            is("is_active", self.active),
            is("is_admin", self.admin),
            last_login,
            self.added_after.map(|then| format!("created_at > {}", then.micros())),
        ];
        let all: Vec<String> = all.into_iter().flatten().collect();
        if all.is_empty() { "1 = 1".to_owned() } else { all.join(" AND ") }
    }

    pub(crate) fn fits(&self, user: &ListedUser) -> bool {
        let is = |wanted: Option<bool>, fact: bool| wanted.is_none_or(|wanted| wanted == fact);
        is(self.confirmed, user.is_email_confirmed)
            && is(self.active, user.is_active)
            && is(self.admin, user.is_admin)
            && match self.last_login {
                LastLogin::Any => true,
                LastLogin::Never => user.last_login_at.is_none(),
                LastLogin::Before(then) => user.last_login_at.is_none_or(|at| at < then.micros()),
            }
            && self.added_after.is_none_or(|then| user.created_at > then.micros())
            && self.term.as_ref().is_none_or(|term| term.fit(user).is_some())
    }
}
