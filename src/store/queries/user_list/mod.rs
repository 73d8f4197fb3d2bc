//! Lists of users as administrators want them: found by a part of the name or email and by what
//! they are, in an order, a page at a time. Costs about the same among a million as among a
//! thousand.
//!
//! A search is ordered by how well the term fits, because an index goes along with that (`search`).
//! In any other order a page is looked for in two ways. What many users fit turns up soon when one
//! walks along the index of the order, from the place where the last page ended. What few fit is
//! taken from an index of its own (`dialect::holding` for parts of a text) and put in order here.
//! Which of the two it is, the walk shows: it gives up after `WALK` users.

mod candidates;
mod filter;
mod order;
mod search;
mod totals;
mod walk;

use diesel::connection::DefaultLoadingMode;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;
use crate::types::{Email, Timestamp, UserId};

pub(crate) use candidates::CandidateScan;
use candidates::{FullScan, by_flags, narrow, whole};
pub(crate) use filter::{LastLogin, SearchTerm, UserFilter};
pub(crate) use order::{MatchRank, SortKey, SortOrder, UserCursor};
pub(crate) use totals::{Totals, exact_totals, totals};
use walk::{ListWalk, load};

/// How many users a walk looks at before it tries something else.
const WALK: usize = 2_000;

/// How many users of an index of its own are taken before any walk.
const AT_ONCE: usize = 200;

/// How many users of an index of its own are put in order here.
const FEW: usize = 20_000;

/// A user in a list.
#[derive(Clone, Debug, QueryableByName)]
pub(crate) struct ListedUser {
    /// The user's number.
    #[diesel(sql_type = BigInt)]
    id: i64,
    /// The name.
    #[diesel(sql_type = Text)]
    pub username: String,
    #[diesel(sql_type = Text)]
    username_key: String,
    /// The address.
    #[diesel(sql_type = Text)]
    pub email: String,
    #[diesel(sql_type = Text)]
    email_key: String,
    /// See [`crate::types::User::is_email_confirmed`].
    #[diesel(sql_type = Bool)]
    pub is_email_confirmed: bool,
    /// See [`crate::types::User::is_active`].
    #[diesel(sql_type = Bool)]
    pub is_active: bool,
    /// See [`crate::types::User::is_admin`].
    #[diesel(sql_type = Bool)]
    pub is_admin: bool,
    #[diesel(sql_type = BigInt)]
    created_at: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    last_login_at: Option<i64>,
}

/// The columns of [`ListedUser`].
pub(crate) const COLUMNS: &str = "id, username, username_key, email, email_key, is_email_confirmed, \
                                  is_active, is_admin, created_at, last_login_at";

impl ListedUser {
    /// The user's id.
    #[must_use]
    pub(crate) const fn id(&self) -> UserId {
        UserId::new(self.id)
    }

    /// The address.
    #[must_use]
    pub(crate) fn email(&self) -> Email {
        Email::from_stored(self.email.clone())
    }

    /// When the account was made.
    #[must_use]
    pub(crate) const fn created_at(&self) -> Timestamp {
        Timestamp::from_micros(self.created_at)
    }

    /// The last login that worked.
    #[must_use]
    pub(crate) fn last_login_at(&self) -> Option<Timestamp> {
        self.last_login_at.map(Timestamp::from_micros)
    }
}

/// Up to `limit` users after `place`.
pub(crate) fn page(
    conn: &mut Conn,
    wanted: &UserFilter,
    order: SortOrder,
    place: Option<&UserCursor>,
    limit: usize,
) -> Result<Vec<ListedUser>, StoreError> {
    let place = place.filter(|place| place.fits(order.by));
    if let (SortKey::Match, Some(term)) = (order.by, &wanted.term) {
        // What very few are is there at once.
        return match few(conn, wanted, by_flags(wanted).as_ref(), AT_ONCE)? {
            Some(few) => Ok(in_order(few, wanted, order, place, limit)),
            None => search::page(conn, wanted, term, order.falling, place, limit),
        };
    }
    let narrow = narrow(conn, wanted);
    if let Some(few) = few(conn, wanted, narrow.as_ref(), AT_ONCE)? {
        return Ok(in_order(few, wanted, order, place, limit));
    }
    let mut walk = ListWalk { order, place: place.cloned(), seen: 0, is_over: false };
    let mut users = Vec::new();
    walk.until(conn, wanted, limit, WALK, &mut users)?;
    if users.len() < limit && !walk.is_over {
        if let Some(few) = few(conn, wanted, narrow.as_ref(), FEW)? {
            return Ok(in_order(few, wanted, order, place, limit));
        }
        // They are many, but all elsewhere: the database may sort them, once.
        let FullScan { narrow, rest, texts } = whole(conn, wanted, None);
        users = load(conn, Some(&CandidateScan { sql: narrow, texts }), &rest, Some((order, place)), limit)?;
    }
    users.truncate(limit);
    Ok(users)
}

/// Shows every user who is wanted to `visitor`, by rising id, but no more than one beyond `most`. Takes
/// as long as there are many.
pub(crate) fn visit(
    conn: &mut Conn,
    wanted: &UserFilter,
    most: usize,
    mut visitor: impl FnMut(ListedUser),
) -> Result<(), StoreError> {
    let FullScan { narrow, rest, texts } = whole(conn, wanted, None);
    let limit = most.saturating_add(1);
    // SQLite would go along the order, and so look at everybody.
    let narrow = match wanted.added_after {
        Some(_) => format!("id IN (SELECT id FROM users WHERE {narrow})"),
        None => narrow,
    };
    let query = format!("SELECT {COLUMNS} FROM users WHERE {narrow} AND {rest} ORDER BY id LIMIT {limit}");
    let mut query = diesel::sql_query(query).into_boxed();
    for text in texts {
        query = query.bind::<Text, _>(text);
    }
    for user in query.load_iter::<ListedUser, DefaultLoadingMode>(conn)? {
        visitor(user?);
    }
    Ok(())
}

/// These users, as far as they are there, by rising id.
pub(crate) fn by_ids(conn: &mut Conn, ids: &[UserId]) -> Result<Vec<ListedUser>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    // Numbers, and so nothing but digits.
    let list: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let query = format!("SELECT {COLUMNS} FROM users WHERE id IN ({}) ORDER BY id", list.join(", "));
    Ok(diesel::sql_query(query).load(conn)?)
}

/// All who are wanted, if no more than `most` fit the narrow condition.
fn few(
    conn: &mut Conn,
    wanted: &UserFilter,
    narrow: Option<&CandidateScan>,
    most: usize,
) -> Result<Option<Vec<ListedUser>>, StoreError> {
    let Some(narrow) = narrow else { return Ok(None) };
    let candidates = load(conn, Some(narrow), "1 = 1", None, most + 1)?;
    let is_few = candidates.len() <= most;
    Ok(is_few.then(|| candidates.into_iter().filter(|user| wanted.fits(user)).collect()))
}

fn in_order(
    mut users: Vec<ListedUser>,
    wanted: &UserFilter,
    order: SortOrder,
    place: Option<&UserCursor>,
    limit: usize,
) -> Vec<ListedUser> {
    let place_of = |user: &ListedUser| UserCursor::of(user, wanted, order.by);
    users.retain(|user| place.is_none_or(|place| place.is_before(&place_of(user), order)));
    users.sort_by_cached_key(place_of);
    if order.falling {
        users.reverse();
    }
    users.truncate(limit);
    users
}
