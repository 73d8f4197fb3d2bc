//! The audit log for administrators: newest first, filtered, a page at a time. Each filter has an index in
//! the order of the pages, so a page costs the same in a log of any length; except for a prefix of an
//! address, whose rows the database has to sort.

use diesel::prelude::*;

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::audit;
use crate::store::tables::audit::{Action, AuditRow, is_about_invitation};
use crate::types::{BulkId, EmailKey, Timestamp, UserId};

/// Which rows a list has: those that every field matches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AuditFilter {
    /// The action.
    pub action: Option<Action>,
    /// The actor or the subject.
    pub person: Option<UserId>,
    /// With `person`, also rows about invitations of the address with one of these keys.
    pub invited: Vec<EmailKey>,
    /// The network address, or a prefix of it that ends with a dot or a colon.
    pub address: Option<String>,
    /// The bulk action.
    pub bulk: Option<BulkId>,
    /// From this moment on.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
}

/// The position of a row in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct AuditCursor {
    /// Microseconds since 1970.
    pub at: i64,
    /// The id.
    pub id: i64,
}

impl AuditCursor {
    /// The position of a row.
    #[must_use]
    pub(crate) const fn at_row(row: &AuditRow) -> Self {
        Self { at: row.at, id: row.id }
    }
}

/// The moment of the newest row.
pub(crate) fn newest(conn: &mut Conn) -> Result<Option<Timestamp>, StoreError> {
    let newest = audit::table.select(audit::at).order((audit::at.desc(), audit::id.desc()));
    Ok(newest.first::<i64>(conn).optional()?.map(Timestamp::from_micros))
}

/// Up to `limit` rows after `cursor`, the newest first; with `backwards` those before it, the oldest first.
pub(crate) fn page(
    conn: &mut Conn,
    filter: &AuditFilter,
    backwards: bool,
    cursor: Option<AuditCursor>,
    limit: usize,
) -> Result<Vec<AuditRow>, StoreError> {
    let person = filter.person.into_iter().flat_map(|person| [Role::Subject(person), Role::Actor(person)]);
    let roles: Vec<Role<'_>> = person.chain(filter.invited.iter().map(Role::Invited)).collect();
    if roles.is_empty() {
        return load(conn, filter, None, backwards, cursor, limit);
    }
    // One query for each role, each with an index of its own: with an OR no index would do.
    let mut rows = Vec::new();
    for role in roles {
        rows.extend(load(conn, filter, Some(role), backwards, cursor, limit)?);
    }
    rows.sort_by_key(AuditCursor::at_row);
    rows.dedup_by_key(|row| row.id);
    if !backwards {
        rows.reverse();
    }
    rows.truncate(limit);
    Ok(rows)
}

/// The part that a person has in a row.
enum Role<'a> {
    Subject(UserId),
    Actor(UserId),
    Invited(&'a EmailKey),
}

type AuditQuery<'a> = audit::BoxedQuery<'a, <Conn as Connection>::Backend>;

fn load(
    conn: &mut Conn,
    filter: &AuditFilter,
    role: Option<Role<'_>>,
    backwards: bool,
    cursor: Option<AuditCursor>,
    limit: usize,
) -> Result<Vec<AuditRow>, StoreError> {
    let query = audit::table.limit(i64::try_from(limit).unwrap_or(i64::MAX)).into_boxed();
    let query = ordered(filtered(query, filter, role), backwards, cursor);
    Ok(query.select(AuditRow::as_select()).load(conn)?)
}

fn filtered<'a>(mut query: AuditQuery<'a>, filter: &AuditFilter, role: Option<Role<'_>>) -> AuditQuery<'a> {
    query = match role {
        Some(Role::Subject(user)) => query.filter(audit::subject_id.eq(user.get())),
        Some(Role::Actor(user)) => query.filter(audit::actor_id.eq(user.get())),
        Some(Role::Invited(email)) => {
            query.filter(is_about_invitation()).filter(audit::detail.eq(email.as_str().to_owned()))
        }
        None => query,
    };
    if let Some(action) = filter.action {
        query = query.filter(audit::action.eq(action.as_str()));
    }
    if let Some(address) = &filter.address {
        query = match address.ends_with(['.', ':']) {
            // U+10FFFF is the greatest character.
            true => query
                .filter(audit::address.ge(address.clone()))
                .filter(audit::address.lt(format!("{address}\u{10ffff}"))),
            false => query.filter(audit::address.eq(address.clone())),
        };
    }
    if let Some(bulk) = filter.bulk {
        query = query.filter(audit::bulk_id.eq(bulk.get()));
    }
    if let Some(from) = filter.from {
        query = query.filter(audit::at.ge(from.micros()));
    }
    if let Some(until) = filter.until {
        query = query.filter(audit::at.lt(until.micros()));
    }
    query
}

fn ordered(query: AuditQuery<'_>, backwards: bool, cursor: Option<AuditCursor>) -> AuditQuery<'_> {
    // An index serves the first comparison; it does not serve an OR.
    let query = match (cursor, backwards) {
        (Some(AuditCursor { at, id }), false) => {
            query.filter(audit::at.le(at)).filter(audit::at.lt(at).or(audit::id.lt(id)))
        }
        (Some(AuditCursor { at, id }), true) => {
            query.filter(audit::at.ge(at)).filter(audit::at.gt(at).or(audit::id.gt(id)))
        }
        (None, _) => query,
    };
    match backwards {
        true => query.order((audit::at.asc(), audit::id.asc())),
        false => query.order((audit::at.desc(), audit::id.desc())),
    }
}
