//! Which users a list has: by words of their name or email, and by their state.

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;
use crate::store::queries::user_list::listed_user::ListedUser;
use crate::store::queries::user_list::search_term::SearchTerm;
use crate::store::tables::users::groups;
use crate::types::{Timestamp, UserId};

/// How well a search matches a user, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum MatchRank {
    /// A word is the id; ordered by id.
    Id,
    /// The name begins with the term; ordered by name.
    Name,
    /// The email begins with the term; ordered by email.
    Email,
    /// The name begins with the term but for accents; ordered by `search_key`.
    Unaccented,
    /// The words are anywhere else; ordered by id, which is by age of the account.
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
    /// The words of a search. Each is in the name or the email, or is the id. If all of them are shorter than a
    /// trigram, each is at the beginning.
    pub terms: Vec<SearchTerm>,
    /// The id.
    pub id: Option<UserId>,
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
    /// The number of a group that the user is in.
    pub group: Option<i64>,
}

impl UserFilter {
    /// Whether the filter matches every user.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The only word, if there is no other condition.
    pub(super) fn only_term(&self) -> Option<&SearchTerm> {
        let [term] = self.terms.as_slice() else { return None };
        let is_only = *self == Self { terms: self.terms.clone(), ..Self::default() };
        Some(term).filter(|_| is_only)
    }

    /// The longest word.
    pub(super) fn lead(&self) -> Option<&SearchTerm> {
        let length = |term: &&SearchTerm| term.forms.iter().map(|form| form.chars().count()).max();
        self.terms.iter().rev().max_by_key(length)
    }

    /// Whether the words are looked for at the beginning only.
    pub(super) fn is_at_start(&self) -> bool {
        self.terms.iter().all(SearchTerm::is_short)
    }

    /// The ids among the words.
    pub(super) fn term_ids(&self) -> impl Iterator<Item = UserId> {
        self.terms.iter().filter_map(|term| term.id)
    }

    /// The ranks that a match may have, the best first.
    pub(super) fn ranks(&self) -> Vec<MatchRank> {
        let mut ranks = Vec::new();
        if self.term_ids().next().is_some() {
            ranks.push(MatchRank::Id);
        }
        if self.has_ranked_beginning() {
            ranks.extend([MatchRank::Name, MatchRank::Email, MatchRank::Unaccented]);
        }
        if !self.is_at_start() {
            ranks.push(MatchRank::Part);
        }
        ranks
    }

    /// Whether beginnings rank before other parts. Among the users that several words match, an index has them
    /// only where all words are short.
    fn has_ranked_beginning(&self) -> bool {
        self.terms.len() == 1 || self.is_at_start()
    }

    /// How well the words match; `None` without a word or a match.
    pub(super) fn rank(&self, user: &ListedUser) -> Option<MatchRank> {
        let lead = self.lead()?;
        let begins = |key: &str| lead.forms.iter().any(|form| key.starts_with(form.as_str()));
        if !self.matches_terms(user) {
            None
        } else if self.terms.iter().any(|term| term.matches_id(user)) {
            Some(MatchRank::Id)
        } else if !self.has_ranked_beginning() {
            Some(MatchRank::Part)
        } else if begins(&user.username_key) {
            Some(MatchRank::Name)
        } else if begins(&user.email_key) {
            Some(MatchRank::Email)
        } else if user.search_key.as_deref().is_some_and(begins) {
            Some(MatchRank::Unaccented)
        } else {
            Some(MatchRank::Part)
        }
    }

    fn matches_terms(&self, user: &ListedUser) -> bool {
        let at_start = self.is_at_start();
        self.terms.iter().all(|term| term.matches_id(user) || term.matches_text(user, at_start))
    }

    /// [`Self::matches`] as SQL, without the words.
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
            self.id.map(|id| format!("id = {id}")),
            self.group.map(|group| members_sql(group, None)),
        ];
        let conditions: Vec<String> = conditions.into_iter().flatten().collect();
        if conditions.is_empty() { "1 = 1".to_owned() } else { conditions.join(" AND ") }
    }

    /// Whether every field but the group matches the user.
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
            && self.id.is_none_or(|id| id == user.id())
            && self.matches_terms(user)
    }
}

/// The members of a group as SQL, `limit` of them at most.
pub(super) fn members_sql(group: i64, limit: Option<usize>) -> String {
    let limit = limit.map(|limit| format!(" ORDER BY user_id LIMIT {limit}")).unwrap_or_default();
    format!("id IN (SELECT user_id FROM user_groups WHERE group_id = {group}{limit})")
}

/// The users of these that the filter matches.
pub(super) fn matching(
    conn: &mut Conn,
    filter: &UserFilter,
    users: Vec<ListedUser>,
) -> Result<Vec<ListedUser>, StoreError> {
    let mut users: Vec<ListedUser> = users.into_iter().filter(|user| filter.matches(user)).collect();
    if let Some(group) = filter.group {
        let ids: Vec<UserId> = users.iter().map(ListedUser::id).collect();
        let members = groups::members_among(conn, group, &ids)?;
        users.retain(|user| members.contains(&user.id()));
    }
    Ok(users)
}
