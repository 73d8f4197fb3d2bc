//! Reading users from the table: along the index of an order, or by a narrow condition.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::super::connection::Conn;
use super::super::error::StoreError;
use super::narrow::Narrow;
use super::order::{By, Order, Place};
use super::wanted::Wanted;
use super::{COLUMNS, Listed};

/// A walk along the index of an order, in longer and longer steps.
pub(super) struct Walk {
    pub order: Order,
    pub place: Option<Place>,
    pub seen: usize,
    pub is_over: bool,
}

impl Walk {
    /// Goes on until `limit` users are found, `most` were looked at, or all of them were.
    pub fn until(
        &mut self,
        conn: &mut Conn,
        wanted: &Wanted,
        limit: usize,
        most: usize,
        found: &mut Vec<Listed>,
    ) -> Result<(), StoreError> {
        while found.len() < limit && !self.is_over && self.seen < most {
            let step = (self.seen * 2).clamp(64, 2_000);
            let users = load(conn, None, "1 = 1", Some((self.order, self.place.as_ref())), step)?;
            self.seen += users.len();
            self.is_over = users.len() < step;
            self.place =
                users.last().map(|last| Place::of(last, wanted, self.order.by)).or(self.place.take());
            found.extend(users.into_iter().filter(|user| wanted.fits(user)));
        }
        Ok(())
    }
}

/// Up to `limit` users: whom the conditions fit, and in an order, from a place on.
pub(super) fn load(
    conn: &mut Conn,
    narrow: Option<&Narrow>,
    rest: &str,
    order: Option<(Order, Option<&Place>)>,
    limit: usize,
) -> Result<Vec<Listed>, StoreError> {
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
            By::Username | By::Match => "username_key",
            By::Email => "email_key",
            By::Created => "created_at",
            By::LastLogin => "coalesce(last_login_at, 0)",
        };
        sql += &match place {
            None | Some(Place::Fit(..)) => String::new(),
            Some(Place::Key(_)) => format!(" AND {key} {after} ${next}"),
            // The first part is what an index can follow.
            Some(Place::Moment(..)) => {
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
        None | Some(Place::Fit(..)) => query,
        Some(Place::Key(key)) => query.bind::<Text, _>(key),
        Some(Place::Moment(moment, id)) => query.bind::<BigInt, _>(moment).bind::<BigInt, _>(id),
    };
    Ok(query.load(conn)?)
}
