//! Users that a term matches, the best match first: the name begins with the term, the email does, the
//! term is anywhere else. Each of the three has an index in its order, so that the first page costs the
//! same among any number of users.

use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;
use crate::store::queries::user_list::conditions::end_of_prefix;
use crate::store::queries::user_list::filter::{MatchRank, SearchTerm, UserFilter};
use crate::store::queries::user_list::index_scan::step_size;
use crate::store::queries::user_list::listed_user::{COLUMNS, ListedUser};
use crate::store::queries::user_list::order::UserCursor;
use crate::store::queries::user_list::trigrams::{SqlCondition, has_trigrams_after};

/// Up to `limit` users after `cursor`.
pub(super) fn page(
    conn: &mut Conn,
    filter: &UserFilter,
    term: &SearchTerm,
    descending: bool,
    cursor: Option<&UserCursor>,
    limit: usize,
) -> Result<Vec<ListedUser>, StoreError> {
    let mut ranks = vec![MatchRank::Name, MatchRank::Email];
    if !term.is_short() {
        ranks.push(MatchRank::Part);
    }
    if descending {
        ranks.reverse();
    }
    let first = match cursor {
        Some(UserCursor::Match(rank, ..)) => ranks.iter().position(|one| one == rank).unwrap_or(ranks.len()),
        _ => 0,
    };
    let mut users = Vec::new();
    let mut cursor = cursor.cloned();
    for rank in ranks.into_iter().skip(first) {
        let mut scan = RankScan { rank, descending, cursor: cursor.take(), read: 0 };
        while users.len() < limit && scan.step(conn, filter, term, &mut users)? {}
    }
    users.truncate(limit);
    Ok(users)
}

/// A scan of the users of one rank.
struct RankScan {
    rank: MatchRank,
    descending: bool,
    cursor: Option<UserCursor>,
    read: usize,
}

impl RankScan {
    /// Reads the next users, and adds the matches to `users`; answers whether there may be more.
    fn step(
        &mut self,
        conn: &mut Conn,
        filter: &UserFilter,
        term: &SearchTerm,
        users: &mut Vec<ListedUser>,
    ) -> Result<bool, StoreError> {
        let step = step_size(self.read);
        let candidates = self.load(conn, term, step)?;
        self.read += candidates.len();
        let has_more = candidates.len() == step;
        self.cursor = candidates.last().map(|last| UserCursor::at_rank(last, self.rank));
        // A user of a better rank is on an earlier page.
        let matches = |user: &ListedUser| filter.matches(user) && filter.rank(user) == Some(self.rank);
        users.extend(candidates.into_iter().filter(matches));
        Ok(has_more)
    }

    fn load(&self, conn: &mut Conn, term: &SearchTerm, limit: usize) -> Result<Vec<ListedUser>, StoreError> {
        let (column, SqlCondition { sql, texts }) = match self.rank {
            MatchRank::Name => ("username_key", self.prefix_range("username_key", &term.name)),
            MatchRank::Email => ("email_key", self.prefix_range("email_key", &term.email)),
            MatchRank::Part => {
                let after = match &self.cursor {
                    Some(UserCursor::Match(_, _, id)) => Some(*id),
                    _ => None,
                };
                ("id", has_trigrams_after(conn, term, after, self.descending, limit))
            }
        };
        let direction = if self.descending { "DESC" } else { "ASC" };
        let query =
            format!("SELECT {COLUMNS} FROM users WHERE {sql} ORDER BY {column} {direction} LIMIT {limit}");
        let mut query = diesel::sql_query(query).into_boxed();
        for text in texts {
            query = query.bind::<Text, _>(text);
        }
        Ok(query.load(conn)?)
    }

    /// `column` begins with the prefix and is after the cursor: one range of the index.
    fn prefix_range(&self, column: &str, prefix: &str) -> SqlCondition {
        let (mut from, mut to, mut comparison) = (prefix.to_owned(), end_of_prefix(prefix), ">=");
        match &self.cursor {
            Some(UserCursor::Match(_, key, _)) if self.descending => to.clone_from(key),
            Some(UserCursor::Match(_, key, _)) => (from, comparison) = (key.clone(), ">"),
            _ => {}
        }
        SqlCondition { sql: format!("{column} {comparison} $1 AND {column} < $2"), texts: vec![from, to] }
    }
}
