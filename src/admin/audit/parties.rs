//! The users that an administrator means by what was typed: one by name, email address or id, or all with a part
//! of it, by the rules of the list of users.

use crate::store::queries::user_list;
use crate::store::queries::user_list::{SortKey, SortOrder};
use crate::store::tables::users;
use crate::store::{Conn, StoreError};
use crate::types::UserId;
use crate::web::lists::SearchTerms;

/// So many users are looked at together.
const MAX_USERS: usize = 20;

/// The matching users.
pub(crate) struct MatchingUsers {
    /// What was typed.
    pub typed: String,
    /// Id and username.
    pub users: Vec<(UserId, String)>,
    /// Whether there are more.
    pub has_more: bool,
    /// Whether only a part of a name or an email address was typed.
    pub is_part: bool,
}

impl MatchingUsers {
    pub(crate) fn ids(&self) -> Vec<UserId> {
        self.users.iter().map(|(id, _)| *id).collect()
    }
}

/// Finds users.
pub(crate) fn find_users(conn: &mut Conn, typed: &str) -> Result<MatchingUsers, StoreError> {
    let typed = typed.to_owned();
    if let Some(user) = users::resolve(conn, &typed)? {
        let users = vec![(user, typed.clone())];
        return Ok(MatchingUsers { typed, users, has_more: false, is_part: false });
    }
    let terms = SearchTerms::parse(&typed);
    if terms.is_empty() {
        return Ok(MatchingUsers { typed, users: Vec::new(), has_more: false, is_part: false });
    }
    let filter = terms.user_filter();
    let order = SortOrder { by: SortKey::Match, descending: false };
    let mut matching = user_list::page(conn, &filter, order, None, MAX_USERS + 1)?;
    let has_more = matching.len() > MAX_USERS;
    matching.truncate(MAX_USERS);
    let users: Vec<(UserId, String)> = matching.into_iter().map(|user| (user.id(), user.username)).collect();
    Ok(MatchingUsers { typed, is_part: !users.is_empty(), users, has_more })
}
