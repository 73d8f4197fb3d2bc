//! Reads users from the table: along the index of an order, or by an indexed condition.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;
use crate::store::queries::user_list::filter::{UserFilter, matching};
use crate::store::queries::user_list::listed_user::{COLUMNS, ListedUser};
use crate::store::queries::user_list::order::{SortOrder, UserCursor};
use crate::store::queries::user_list::trigrams::SqlCondition;

/// How many users one step of a scan reads, after `read` users: few at first, more and more later.
pub(super) fn step_size(read: usize) -> usize {
    (read * 2).clamp(64, 2_000)
}

/// A scan along the index of an order.
pub(super) struct IndexScan {
    pub(super) order: SortOrder,
    pub(super) cursor: Option<UserCursor>,
    pub(super) read: usize,
    pub(super) is_done: bool,
}

impl IndexScan {
    /// Adds matches to `users` until there are `limit`, or `max_read` users were read, or all were.
    pub(super) fn collect(
        &mut self,
        conn: &mut Conn,
        filter: &UserFilter,
        limit: usize,
        max_read: usize,
        users: &mut Vec<ListedUser>,
    ) -> Result<(), StoreError> {
        while users.len() < limit && !self.is_done && self.read < max_read {
            let step = step_size(self.read);
            let next = load(conn, None, "1 = 1", Some((self.order, self.cursor.as_ref())), step)?;
            self.read += next.len();
            self.is_done = next.len() < step;
            let last = next.last().map(|last| UserCursor::at_user(last, filter, self.order.by));
            self.cursor = last.or(self.cursor.take());
            users.extend(matching(conn, filter, next)?);
        }
        Ok(())
    }
}

/// Up to `limit` users that both conditions match; with an order, those after the cursor.
pub(super) fn load(
    conn: &mut Conn,
    indexed: Option<&SqlCondition>,
    rest: &str,
    order: Option<(SortOrder, Option<&UserCursor>)>,
    limit: usize,
) -> Result<Vec<ListedUser>, StoreError> {
    let mut sql = format!(
        "SELECT {COLUMNS} FROM users WHERE {} AND {rest}",
        indexed.map_or("1 = 1", |condition| &condition.sql)
    );
    let texts = indexed.map_or(&[][..], |condition| &condition.texts);
    let cursor = order.and_then(|(_, cursor)| cursor);
    if let Some((order, cursor)) = order {
        sql += &order_sql(order, cursor, texts.len() + 1);
    }
    sql += &format!(" LIMIT {limit}");
    let mut query = diesel::sql_query(sql).into_boxed();
    for text in texts {
        query = query.bind::<Text, _>(text);
    }
    query = match cursor {
        None | Some(UserCursor::Match(..)) => query,
        Some(UserCursor::Key(key)) => query.bind::<Text, _>(key),
        Some(UserCursor::Email(key, id)) => query.bind::<Text, _>(key).bind::<BigInt, _>(id),
        Some(UserCursor::Moment(moment, id)) => query.bind::<BigInt, _>(moment).bind::<BigInt, _>(id),
    };
    Ok(query.load(conn)?)
}

/// The condition of the cursor, whose parameters begin at `$next`, and the order.
fn order_sql(order: SortOrder, cursor: Option<&UserCursor>, next: usize) -> String {
    let (after, direction) = if order.descending { ("<", "DESC") } else { (">", "ASC") };
    let (key, further) = order.by.columns();
    let is_after = match cursor {
        None | Some(UserCursor::Match(..)) => String::new(),
        Some(UserCursor::Key(_)) => format!(" AND {key} {after} ${next}"),
        // An index serves the first comparison; it does not serve an OR.
        Some(UserCursor::Email(..) | UserCursor::Moment(..)) => {
            let second = next + 1;
            format!(" AND {key} {after}= ${next} AND ({key} {after} ${next} OR {further} {after} ${second})")
        }
    };
    format!("{is_after} ORDER BY {key} {direction}, {further} {direction}")
}
