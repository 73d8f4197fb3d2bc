//! The audit log for administrators: newest first, filtered, a page at a time. Each filter has an index in
//! the order of the pages, so a page costs the same in a log of any length; except for a prefix of an
//! address, whose rows the database has to sort, and for an API key, whose rows it looks for one by one.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::audit;
use crate::store::tables::audit::{API_KEY, Action, ActionKind, AuditRow, is_about_invitation};
use crate::types::{ApiKeyId, BulkId, EmailKey, Timestamp, UserId};

/// [`ActionKind::Change`] in the words of the partial index `audit_changes_at`, which else would not be used.
const CHANGES: &str = "action NOT IN ('logged-in', 'logged-out', 'logged-out-everywhere', 'session-ended', \
    'signed-in', 'signed-out', 'refreshed', 'blacklisted', 'password-proven', 'password-rehashed', \
    'login-failed', 'breached-password', 'admin-refused', 'refresh-reused', 'old-password-wrong', 'leaving-failed')";

/// Which rows a list has: those that every field matches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AuditFilter {
    /// The action.
    pub action: Option<Action>,
    /// The kind of the action.
    pub kind: Option<ActionKind>,
    /// The actor or the subject is one of these.
    pub persons: Vec<UserId>,
    /// With `persons`, also rows about invitations of the address with one of these keys.
    pub invited: Vec<EmailKey>,
    /// The actor is one of these.
    pub actors: Vec<UserId>,
    /// The actor is this API key.
    pub api_key: Option<ApiKeyId>,
    /// The subject is one of these.
    pub subjects: Vec<UserId>,
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
    // One query for each part, each with an index of its own: with an OR no index would do.
    let mut rows = Vec::new();
    for part in parts(filter) {
        rows.extend(load(conn, filter, &part, backwards, cursor, limit)?);
    }
    rows.sort_by_key(AuditCursor::at_row);
    rows.dedup_by_key(|row| row.id);
    if !backwards {
        rows.reverse();
    }
    rows.truncate(limit);
    Ok(rows)
}

/// A part of the rows of a list, which an index has in the order of the pages.
enum ListPart<'a> {
    All,
    Subject(UserId),
    Actor(UserId),
    Invited(&'a EmailKey),
    Action(Action),
}

/// Parts that have all rows of a list together.
fn parts(filter: &AuditFilter) -> Vec<ListPart<'_>> {
    let of = |users: &[UserId], part: fn(UserId) -> ListPart<'static>| -> Vec<ListPart<'_>> {
        users.iter().copied().map(part).collect()
    };
    if !filter.persons.is_empty() || !filter.invited.is_empty() {
        let mut parts = of(&filter.persons, ListPart::Subject);
        parts.extend(of(&filter.persons, ListPart::Actor));
        parts.extend(filter.invited.iter().map(ListPart::Invited));
        return parts;
    }
    match (&filter.subjects[..], &filter.actors[..], filter.action, filter.kind) {
        ([], [], None, Some(kind)) if kind != ActionKind::Change => {
            let actions = Action::ALL.iter().copied().filter(|action| action.kind() == kind);
            actions.map(ListPart::Action).collect()
        }
        ([], [], _, _) => vec![ListPart::All],
        ([], actors, _, _) => of(actors, ListPart::Actor),
        (subjects, _, _, _) => of(subjects, ListPart::Subject),
    }
}

pub(super) type AuditSelect<'a> = audit::BoxedQuery<'a, <Conn as Connection>::Backend>;

fn load(
    conn: &mut Conn,
    filter: &AuditFilter,
    part: &ListPart<'_>,
    backwards: bool,
    cursor: Option<AuditCursor>,
    limit: usize,
) -> Result<Vec<AuditRow>, StoreError> {
    let query = audit::table.limit(i64::try_from(limit).unwrap_or(i64::MAX)).into_boxed();
    let query = filtered(of_part(query, part), filter);
    let query = ordered(query, backwards, cursor);
    Ok(query.select(AuditRow::as_select()).load(conn)?)
}

fn of_part<'a>(query: AuditSelect<'a>, part: &ListPart<'_>) -> AuditSelect<'a> {
    match part {
        ListPart::All => query,
        ListPart::Subject(user) => query.filter(audit::subject_id.eq(user.get())),
        ListPart::Actor(user) => query.filter(audit::actor_id.eq(user.get())),
        ListPart::Invited(email) => {
            query.filter(is_about_invitation()).filter(audit::detail.eq(email.as_str().to_owned()))
        }
        ListPart::Action(action) => query.filter(audit::action.eq(action.as_str())),
    }
}

fn filtered<'a>(mut query: AuditSelect<'a>, filter: &AuditFilter) -> AuditSelect<'a> {
    let ids = |users: &[UserId]| -> Vec<i64> { users.iter().map(|user| user.get()).collect() };
    if let Some(action) = filter.action {
        query = query.filter(audit::action.eq(action.as_str()));
    }
    query = match filter.kind {
        Some(ActionKind::Change) => query.filter(sql::<Bool>(CHANGES)),
        Some(kind) => {
            let actions = Action::ALL.iter().filter(|action| action.kind() == kind);
            query.filter(audit::action.eq_any(actions.map(|action| action.as_str())))
        }
        None => query,
    };
    if !filter.actors.is_empty() {
        query = query.filter(audit::actor_id.eq_any(ids(&filter.actors)));
    }
    if let Some(key) = filter.api_key {
        query = query.filter(audit::actor.eq(format!("{API_KEY}{key}")));
    }
    if !filter.subjects.is_empty() {
        query = query.filter(audit::subject_id.eq_any(ids(&filter.subjects)));
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

/// The rows after `cursor`, the newest first; with `backwards` those before it, the oldest first.
pub(super) fn ordered(
    query: AuditSelect<'_>,
    backwards: bool,
    cursor: Option<AuditCursor>,
) -> AuditSelect<'_> {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// An index whose words differ is not used, and one in a migration is never changed.
    #[test]
    fn the_index_of_changes_has_every_action_of_the_other_kinds() {
        let others = Action::ALL.iter().filter(|action| action.kind() != ActionKind::Change);
        let mut words: Vec<&str> = others.map(|action| action.as_str()).collect();
        let mut listed: Vec<&str> = CHANGES.split('\'').skip(1).step_by(2).collect();
        words.sort_unstable();
        listed.sort_unstable();
        assert_eq!(listed, words, "add a migration that makes the index anew");
        for dialect in ["sqlite", "postgres"] {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(dialect);
            let sql = std::fs::read_to_string(folder.join("0027_rehashed_passwords/up.sql")).unwrap();
            let (_, index) = sql.split_once("CREATE INDEX audit_changes_at").unwrap();
            let mut indexed: Vec<&str> = index.split('\'').skip(1).step_by(2).collect();
            indexed.sort_unstable();
            assert_eq!(indexed, words, "{dialect}");
        }
    }
}
