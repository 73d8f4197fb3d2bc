//! The log as administrators read it: newest first, filtered, a page at a time. Each filter has an
//! index in the order of the pages, so that a page costs what it shows, however long the log is; but
//! for the beginning of an address, whose rows the database has to sort.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::audit;
use crate::store::tables::audit::{Action, AuditRow};
use crate::types::{EmailKey, Timestamp, UserId};

/// Which rows are wanted: those that everything fits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AuditFilter {
    /// What happened.
    pub action: Option<Action>,
    /// Who did it, or whom it happened to.
    pub person: Option<UserId>,
    /// Besides the rows of that person, those about the invitations of this address.
    pub invited: Option<EmailKey>,
    /// From where: this address, or, if it ends with a dot or a colon, all that begin with it.
    pub address: Option<String>,
    /// Not before that.
    pub from: Option<Timestamp>,
    /// Before that.
    pub until: Option<Timestamp>,
}

/// A place in the order: at a row, which has a moment (in microseconds) and an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct AuditCursor {
    /// The moment.
    pub at: i64,
    /// The id.
    pub id: i64,
}

impl AuditCursor {
    /// The place of a row.
    #[must_use]
    pub(crate) const fn of(row: &AuditRow) -> Self {
        Self { at: row.at, id: row.id }
    }
}

/// Up to `limit` rows after `place`, the newest first; with `backwards` those before it, the oldest
/// first.
pub(crate) fn page(
    conn: &mut Conn,
    wanted: &AuditFilter,
    backwards: bool,
    place: Option<AuditCursor>,
    limit: usize,
) -> Result<Vec<AuditRow>, StoreError> {
    let person = wanted.person.into_iter().flat_map(|person| [Role::Subject(person), Role::Actor(person)]);
    let roles: Vec<Role<'_>> = person.chain(wanted.invited.as_ref().map(Role::Invited)).collect();
    if roles.is_empty() {
        return load(conn, wanted, None, backwards, place, limit);
    }
    // A walk for each, along an index of its own: one over all would look at everybody's rows.
    let mut rows = Vec::new();
    for role in roles {
        rows.extend(load(conn, wanted, Some(role), backwards, place, limit)?);
    }
    rows.sort_by_key(AuditCursor::of);
    rows.dedup_by_key(|row| row.id);
    if !backwards {
        rows.reverse();
    }
    rows.truncate(limit);
    Ok(rows)
}

/// What somebody is in a row.
enum Role<'a> {
    Subject(UserId),
    Actor(UserId),
    Invited(&'a EmailKey),
}

/// The words are those of the index `audit_invited`, so that it is used.
pub(crate) fn is_about_invitation() -> SqlLiteral<Bool> {
    sql::<Bool>("action IN ('invited', 'invite-withdrawn')")
}

fn load(
    conn: &mut Conn,
    wanted: &AuditFilter,
    role: Option<Role<'_>>,
    backwards: bool,
    place: Option<AuditCursor>,
    limit: usize,
) -> Result<Vec<AuditRow>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut query = audit::table.select(AuditRow::as_select()).limit(limit).into_boxed();
    query = match role {
        Some(Role::Subject(user)) => query.filter(audit::subject_id.eq(user.get())),
        Some(Role::Actor(user)) => query.filter(audit::actor_id.eq(user.get())),
        Some(Role::Invited(email)) => {
            query.filter(is_about_invitation()).filter(audit::detail.eq(email.as_str().to_owned()))
        }
        None => query,
    };
    if let Some(action) = wanted.action {
        query = query.filter(audit::action.eq(action.as_str()));
    }
    if let Some(address) = &wanted.address {
        query = match address.ends_with(['.', ':']) {
            // No character comes after this one.
            true => query
                .filter(audit::address.ge(address))
                .filter(audit::address.lt(format!("{address}\u{10ffff}"))),
            false => query.filter(audit::address.eq(address)),
        };
    }
    if let Some(from) = wanted.from {
        query = query.filter(audit::at.ge(from.micros()));
    }
    if let Some(until) = wanted.until {
        query = query.filter(audit::at.lt(until.micros()));
    }
    // The first part is what an index can follow.
    query = match (place, backwards) {
        (Some(AuditCursor { at, id }), false) => {
            query.filter(audit::at.le(at)).filter(audit::at.lt(at).or(audit::id.lt(id)))
        }
        (Some(AuditCursor { at, id }), true) => {
            query.filter(audit::at.ge(at)).filter(audit::at.gt(at).or(audit::id.gt(id)))
        }
        (None, _) => query,
    };
    query = match backwards {
        true => query.order((audit::at.asc(), audit::id.asc())),
        false => query.order((audit::at.desc(), audit::id.desc())),
    };
    Ok(query.load(conn)?)
}
