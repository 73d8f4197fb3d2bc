//! Reading users from the table: along the index of an order, or by a narrow condition.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;
use crate::store::queries::user_list::candidates::CandidateScan;
use crate::store::queries::user_list::filter::UserFilter;
use crate::store::queries::user_list::order::{SortKey, SortOrder, UserCursor};
use crate::store::queries::user_list::{COLUMNS, ListedUser};

/// A walk along the index of an order, in longer and longer steps.
pub(crate) struct ListWalk {
    pub order: SortOrder,
    pub place: Option<UserCursor>,
    pub seen: usize,
    pub is_over: bool,
}

impl ListWalk {
    /// Goes on until `limit` users are found, `most` were looked at, or all of them were.
    pub(crate) fn until(
        &mut self,
        conn: &mut Conn,
        wanted: &UserFilter,
        limit: usize,
        most: usize,
        found: &mut Vec<ListedUser>,
    ) -> Result<(), StoreError> {
        while found.len() < limit && !self.is_over && self.seen < most {
            let step = (self.seen * 2).clamp(64, 2_000);
            let users = load(conn, None, "1 = 1", Some((self.order, self.place.as_ref())), step)?;
            self.seen += users.len();
            self.is_over = users.len() < step;
            self.place =
                users.last().map(|last| UserCursor::of(last, wanted, self.order.by)).or(self.place.take());
            found.extend(users.into_iter().filter(|user| wanted.fits(user)));
        }
        Ok(())
    }
}

/// Up to `limit` users: whom the conditions fit, and in an order, from a place on.
pub(crate) fn load(
    conn: &mut Conn,
    narrow: Option<&CandidateScan>,
    rest: &str,
    order: Option<(SortOrder, Option<&UserCursor>)>,
    limit: usize,
) -> Result<Vec<ListedUser>, StoreError> {
    let mut sql = format!(
        "SELECT {COLUMNS} FROM users WHERE {} AND {rest}",
        narrow.map_or("1 = 1", |narrow| &narrow.sql)
    );
    let texts = narrow.map_or(&[][..], |narrow| &narrow.texts);
    let next = texts.len() + 1;
    let place = order.and_then(|(_, place)| place);
    if let Some((order, _)) = order {
        let (after, way) = if order.falling { ("<", "DESC") } else { (">", "ASC") };
        let key = match order.by {
            SortKey::Username | SortKey::Match => "username_key",
            SortKey::Email => "email_key",
            SortKey::Created => "created_at",
            SortKey::LastLogin => "coalesce(last_login_at, 0)",
        };
        sql += &match place {
            None | Some(UserCursor::Match(..)) => String::new(),
            Some(UserCursor::Key(_)) => format!(" AND {key} {after} ${next}"),
            // The first part is what an index can follow.
            Some(UserCursor::Moment(..)) => {
                let id = next + 1;
                format!(" AND {key} {after}= ${next} AND ({key} {after} ${next} OR id {after} ${id})")
            }
        };
        sql += &format!(" ORDER BY {key} {way}, id {way}");
    }
    sql += &format!(" LIMIT {limit}");
    let mut query = diesel::sql_query(sql).into_boxed();
    for text in texts {
        query = query.bind::<Text, _>(text);
    }
    query = match place {
        None | Some(UserCursor::Match(..)) => query,
        Some(UserCursor::Key(key)) => query.bind::<Text, _>(key),
        Some(UserCursor::Moment(moment, id)) => query.bind::<BigInt, _>(moment).bind::<BigInt, _>(id),
    };
    Ok(query.load(conn)?)
}
