//! Users that a search matches, the best match first: the word is the id, the name begins with it, the email
//! does, the name without accents does, the words are anywhere else. Each of these has an index in its order, so
//! that the first page costs the same among any number of users.

use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;
use crate::store::queries::user_list::filter::{MatchRank, UserFilter, matching};
use crate::store::queries::user_list::index_scan::step_size;
use crate::store::queries::user_list::listed_user::{COLUMNS, ListedUser};
use crate::store::queries::user_list::order::UserCursor;
use crate::store::queries::user_list::trigrams::{SqlCondition, bind, end_of_prefix, has_trigrams_after};
use crate::types::UserId;

/// Up to `limit` users after `cursor`.
pub(super) fn page(
    conn: &mut Conn,
    filter: &UserFilter,
    descending: bool,
    cursor: Option<&UserCursor>,
    limit: usize,
) -> Result<Vec<ListedUser>, StoreError> {
    let mut ranks = filter.ranks();
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
        while users.len() < limit && scan.step(conn, filter, &mut users)? {}
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
        users: &mut Vec<ListedUser>,
    ) -> Result<bool, StoreError> {
        let step = step_size(self.read);
        let candidates = self.load(conn, filter, step)?;
        self.read += candidates.len();
        let has_more = candidates.len() == step;
        self.cursor = candidates.last().map(|last| UserCursor::at_rank(last, self.rank));
        // A user of a better rank is on an earlier page.
        let candidates = matching(conn, filter, candidates)?;
        users.extend(candidates.into_iter().filter(|user| filter.rank(user) == Some(self.rank)));
        Ok(has_more)
    }

    fn load(
        &self,
        conn: &mut Conn,
        filter: &UserFilter,
        limit: usize,
    ) -> Result<Vec<ListedUser>, StoreError> {
        let (column, SqlCondition { sql, texts }) = match self.rank {
            MatchRank::Id => ("id", self.ids(filter)),
            MatchRank::Name => ("username_key", self.beginnings("username_key", filter)),
            MatchRank::Email => ("email_key", self.beginnings("email_key", filter)),
            MatchRank::Unaccented => ("search_key", self.beginnings("search_key", filter)),
            MatchRank::Part => {
                ("id", has_trigrams_after(conn, filter, self.last_id(), self.descending, limit))
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

    const fn last_id(&self) -> Option<i64> {
        match &self.cursor {
            Some(UserCursor::Match(_, _, id)) => Some(*id),
            _ => None,
        }
    }

    /// The users whose ids are among the words, after the cursor.
    fn ids(&self, filter: &UserFilter) -> SqlCondition {
        let is_after = |id: i64| match self.last_id() {
            None => true,
            Some(last) => {
                if self.descending {
                    id < last
                } else {
                    id > last
                }
            }
        };
        let ids = filter.term_ids().map(UserId::get).filter(|id| is_after(*id));
        let ids: Vec<String> = ids.map(|id| id.to_string()).collect();
        SqlCondition::new(if ids.is_empty() {
            "1 = 0".to_owned()
        } else {
            format!("id IN ({})", ids.join(", "))
        })
    }

    /// `column` begins with a form of the longest word and is after the cursor: a range of the index for each.
    fn beginnings(&self, column: &str, filter: &UserFilter) -> SqlCondition {
        let mut texts = Vec::new();
        let forms = filter.lead().into_iter().flat_map(|term| &term.forms);
        let ranges: Vec<String> = forms.map(|form| self.prefix_range(column, form, &mut texts)).collect();
        SqlCondition { sql: format!("({})", ranges.join(" OR ")), texts }
    }

    fn prefix_range(&self, column: &str, prefix: &str, texts: &mut Vec<String>) -> String {
        let (from, to) = (bind(texts, prefix), bind(texts, &end_of_prefix(prefix)));
        let range = format!("{column} >= {from} AND {column} < {to}");
        match &self.cursor {
            Some(UserCursor::Match(_, key, _)) => {
                let comparison = if self.descending { "<" } else { ">" };
                format!("{range} AND {column} {comparison} {}", bind(texts, key))
            }
            _ => range,
        }
    }
}
