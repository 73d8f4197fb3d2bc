//! Lists of users as administrators want them: found by a part of the name or email and by what
//! they are, in an order, a page at a time. Costs about the same among a million as among a
//! thousand.
//!
//! A page is looked for in two ways. What many users fit turns up soon when one walks along the
//! index of the order, from the place where the last page ended. What few fit is taken from an
//! index of its own (`dialect::holding` for parts of a text) and put in order here. Which of the
//! two it is, the walk shows: it gives up after [`WALK`] users.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

use super::connection::Conn;
use super::dialect;
use super::error::StoreError;
use crate::types::{EmailKey, Timestamp, UserId, UsernameKey};

/// How many users a walk looks at before it tries something else.
const WALK: usize = 2_000;

/// How many users of an index of its own are taken before any walk.
const AT_ONCE: usize = 200;

/// How many users of an index of its own are put in order here.
const FEW: usize = 20_000;

/// A user in a list.
#[derive(Clone, Debug, QueryableByName)]
pub struct Listed {
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

/// The columns of [`Listed`].
pub(super) const COLUMNS: &str = "id, username, username_key, email, email_key, is_email_confirmed, \
                                  is_active, is_admin, created_at, last_login_at";

impl Listed {
    /// The user's id.
    #[must_use]
    pub const fn id(&self) -> UserId {
        UserId::new(self.id)
    }

    /// When the account was made.
    #[must_use]
    pub const fn created_at(&self) -> Timestamp {
        Timestamp::from_micros(self.created_at)
    }

    /// The last login that worked.
    #[must_use]
    pub fn last_login_at(&self) -> Option<Timestamp> {
        self.last_login_at.map(Timestamp::from_micros)
    }
}

/// A part of a name or an address, in any letter case. One or two characters are looked for at the
/// beginning, more of them anywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    name: String,
    address: String,
}

impl Term {
    /// What somebody typed; `None` if that is nothing.
    #[must_use]
    pub fn new(typed: &str) -> Option<Self> {
        // No name holds a NUL, and no query may.
        let typed = typed.replace('\0', "\u{fffd}");
        let (name, address) = (UsernameKey::of(&typed), EmailKey::of(&typed));
        let term = Self { name: name.as_str().to_owned(), address: address.as_str().to_owned() };
        (!term.name.is_empty()).then_some(term)
    }

    fn is_short(&self) -> bool {
        self.name.chars().count() < 3 || self.address.chars().count() < 3
    }

    fn is_in(&self, user: &Listed) -> bool {
        if self.is_short() {
            return user.username_key.starts_with(&self.name) || user.email_key.starts_with(&self.address);
        }
        user.username_key.contains(&self.name) || user.email_key.contains(&self.address)
    }
}

/// Which users are wanted by their last login.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LastLogin {
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
pub struct Wanted {
    /// What their name or address holds.
    pub term: Option<Term>,
    /// Whether their email is confirmed.
    pub confirmed: Option<bool>,
    /// Whether they may log in.
    pub active: Option<bool>,
    /// Whether they are administrators.
    pub admin: Option<bool>,
    /// Their last login.
    pub last_login: LastLogin,
}

impl Wanted {
    /// Whether that is everybody.
    #[must_use]
    pub fn is_everybody(&self) -> bool {
        *self == Self::default()
    }

    fn fits(&self, user: &Listed) -> bool {
        let is = |wanted: Option<bool>, fact: bool| wanted.is_none_or(|wanted| wanted == fact);
        is(self.confirmed, user.is_email_confirmed)
            && is(self.active, user.is_active)
            && is(self.admin, user.is_admin)
            && match self.last_login {
                LastLogin::Any => true,
                LastLogin::Never => user.last_login_at.is_none(),
                LastLogin::Before(then) => user.last_login_at.is_none_or(|at| at < then.micros()),
            }
            && self.term.as_ref().is_none_or(|term| term.is_in(user))
    }
}

/// By what a list is ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// The name.
    #[default]
    Username,
    /// The address.
    Email,
    /// When the account was made.
    Created,
    /// The last login; who never did comes first.
    LastLogin,
}

/// An order, rising unless `falling`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// By what.
    pub by: By,
    /// Whether the greatest come first.
    pub falling: bool,
}

impl Order {
    /// The other way round.
    #[must_use]
    pub const fn reversed(self) -> Self {
        Self { falling: !self.falling, ..self }
    }
}

/// A place in an order: between a user and the next.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// After this key, which one user has.
    Key(String),
    /// After this moment (in microseconds) and this user.
    Moment(i64, i64),
}

impl Place {
    /// The place of a user in an order.
    #[must_use]
    pub fn of(user: &Listed, by: By) -> Self {
        match by {
            By::Username => Self::Key(user.username_key.clone()),
            By::Email => Self::Key(user.email_key.clone()),
            By::Created => Self::Moment(user.created_at, user.id),
            By::LastLogin => Self::Moment(user.last_login_at.unwrap_or(0), user.id),
        }
    }

    /// Whether this is a place in an order by that.
    #[must_use]
    pub const fn fits(&self, by: By) -> bool {
        matches!(
            (self, by),
            (Self::Key(_), By::Username | By::Email) | (Self::Moment(..), By::Created | By::LastLogin)
        )
    }

    fn is_before(&self, other: &Self, order: Order) -> bool {
        if order.falling { self > other } else { self < other }
    }
}

/// Users who are wanted.
#[derive(Clone, Debug)]
pub struct Found {
    /// Up to as many as were asked for, after the place.
    pub users: Vec<Listed>,
    /// How many there are in all, where that came up.
    pub total: Option<usize>,
}

/// Up to `limit` users after `place`.
///
/// # Errors
/// If the database fails.
pub fn page(
    conn: &mut Conn,
    wanted: &Wanted,
    order: Order,
    place: Option<&Place>,
    limit: usize,
) -> Result<Found, StoreError> {
    let place = place.filter(|place| place.fits(order.by));
    let narrow = narrow(conn, wanted);
    // What very few hold is there at once.
    if let Some(few) = few(conn, wanted, narrow.as_ref(), AT_ONCE)? {
        return Ok(in_order(few, order, place, limit));
    }
    let mut walk = Walk { order, place: place.cloned(), narrow: None, seen: 0, is_over: false };
    let mut users = Vec::new();
    walk.until(conn, wanted, limit, WALK, &mut users)?;
    if users.len() < limit && !walk.is_over {
        if let Some(few) = few(conn, wanted, narrow.as_ref(), FEW)? {
            return Ok(in_order(few, order, place, limit));
        }
        // They are many, but all elsewhere: the database may sort them.
        walk.narrow = narrow;
        walk.until(conn, wanted, limit, usize::MAX, &mut users)?;
    }
    let total = (place.is_none() && users.len() <= limit && walk.is_over).then_some(users.len());
    users.truncate(limit);
    Ok(Found { users, total })
}

/// Every user who is wanted, by rising id; no more than one beyond `most`.
///
/// # Errors
/// If the database fails.
pub fn all(conn: &mut Conn, wanted: &Wanted, most: usize) -> Result<Vec<Listed>, StoreError> {
    let order = Order { by: By::Created, falling: false };
    Ok(page(conn, wanted, order, None, most.saturating_add(1))?.users)
}

/// How many users there are, up to `most`.
///
/// # Errors
/// If the database fails.
pub fn count(conn: &mut Conn, most: usize) -> Result<usize, StoreError> {
    #[derive(QueryableByName)]
    struct Counted {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let query = "SELECT count(*) AS count FROM (SELECT 1 FROM users LIMIT $1) AS counted";
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    let counted = diesel::sql_query(query).bind::<BigInt, _>(limit).get_result::<Counted>(conn)?;
    Ok(usize::try_from(counted.count).unwrap_or(0))
}

/// These users, as far as they are there, by rising id.
///
/// # Errors
/// If the database fails.
pub fn by_ids(conn: &mut Conn, ids: &[UserId]) -> Result<Vec<Listed>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    // Numbers, and so nothing but digits.
    let list: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let query = format!("SELECT {COLUMNS} FROM users WHERE id IN ({}) ORDER BY id", list.join(", "));
    Ok(diesel::sql_query(query).load(conn)?)
}

/// A condition that has an index of its own, with the texts of its first parameters.
pub(super) struct Narrow {
    pub sql: String,
    pub texts: Vec<String>,
}

/// The condition that the fewest may fit, of those that are wanted.
fn narrow(conn: &Conn, wanted: &Wanted) -> Option<Narrow> {
    if let Some(term) = &wanted.term {
        return Some(match term.is_short() {
            true => beginning_with(term),
            false => dialect::holding(conn, &term.name, &term.address),
        });
    }
    let sql = match (wanted.admin, wanted.active, wanted.last_login, wanted.confirmed) {
        (Some(true), ..) => "is_admin".to_owned(),
        (_, Some(false), ..) => "NOT is_active".to_owned(),
        (.., LastLogin::Never, _) => "coalesce(last_login_at, 0) = 0".to_owned(),
        (.., LastLogin::Before(then), _) => format!("coalesce(last_login_at, 0) < {}", then.micros()),
        (.., Some(true)) => "is_email_confirmed = TRUE".to_owned(),
        (.., Some(false)) => "is_email_confirmed = FALSE".to_owned(),
        (.., None) => return None,
    };
    Some(Narrow { sql, texts: Vec::new() })
}

fn beginning_with(term: &Term) -> Narrow {
    let sql = "(username_key >= $1 AND username_key < $2 OR email_key >= $3 AND email_key < $4)".to_owned();
    // No character comes after this one.
    let end = |text: &str| format!("{text}\u{10ffff}");
    let texts = vec![term.name.clone(), end(&term.name), term.address.clone(), end(&term.address)];
    Narrow { sql, texts }
}

/// All who are wanted, if no more than `most` fit the narrow condition.
fn few(
    conn: &mut Conn,
    wanted: &Wanted,
    narrow: Option<&Narrow>,
    most: usize,
) -> Result<Option<Vec<Listed>>, StoreError> {
    let Some(narrow) = narrow else { return Ok(None) };
    let candidates = load(conn, Some(narrow), None, most + 1)?;
    let is_few = candidates.len() <= most;
    Ok(is_few.then(|| candidates.into_iter().filter(|user| wanted.fits(user)).collect()))
}

fn in_order(mut users: Vec<Listed>, order: Order, place: Option<&Place>, limit: usize) -> Found {
    let total = Some(users.len());
    users.retain(|user| place.is_none_or(|place| place.is_before(&Place::of(user, order.by), order)));
    users.sort_by_cached_key(|user| Place::of(user, order.by));
    if order.falling {
        users.reverse();
    }
    users.truncate(limit);
    Found { users, total }
}

/// A walk along the index of an order, in longer and longer steps.
struct Walk {
    order: Order,
    place: Option<Place>,
    narrow: Option<Narrow>,
    seen: usize,
    is_over: bool,
}

impl Walk {
    /// Goes on until `limit` users are found, `most` were looked at, or all of them were.
    fn until(
        &mut self,
        conn: &mut Conn,
        wanted: &Wanted,
        limit: usize,
        most: usize,
        found: &mut Vec<Listed>,
    ) -> Result<(), StoreError> {
        while found.len() < limit && !self.is_over && self.seen < most {
            let step = (self.seen * 2).clamp(64, 2_000);
            let users = load(conn, self.narrow.as_ref(), Some((self.order, self.place.as_ref())), step)?;
            self.seen += users.len();
            self.is_over = users.len() < step;
            self.place = users.last().map(|last| Place::of(last, self.order.by)).or(self.place.take());
            found.extend(users.into_iter().filter(|user| wanted.fits(user)));
        }
        Ok(())
    }
}

/// Up to `limit` users: whom the condition fits, and in an order, from a place on.
fn load(
    conn: &mut Conn,
    narrow: Option<&Narrow>,
    order: Option<(Order, Option<&Place>)>,
    limit: usize,
) -> Result<Vec<Listed>, StoreError> {
    let mut sql =
        format!("SELECT {COLUMNS} FROM users WHERE {}", narrow.map_or("1 = 1", |narrow| &narrow.sql));
    let texts = narrow.map_or(&[][..], |narrow| &narrow.texts);
    let next = texts.len() + 1;
    let place = order.and_then(|(_, place)| place);
    if let Some((order, _)) = order {
        let (after, way) = if order.falling { ("<", "DESC") } else { (">", "ASC") };
        let key = match order.by {
            By::Username => "username_key",
            By::Email => "email_key",
            By::Created => "created_at",
            By::LastLogin => "coalesce(last_login_at, 0)",
        };
        sql += &match place {
            None => String::new(),
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
        None => query,
        Some(Place::Key(key)) => query.bind::<Text, _>(key),
        Some(Place::Moment(moment, id)) => query.bind::<BigInt, _>(moment).bind::<BigInt, _>(id),
    };
    Ok(query.load(conn)?)
}
