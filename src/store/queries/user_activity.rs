//! The audit rows about one user, newest first: all, or those of one kind, whose cost does not depend on how
//! many rows of other kinds there are. The conditions have the words of the partial indexes, which else
//! would not be used.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::audit;
use crate::store::queries::audit_list;
use crate::store::queries::audit_list::AuditCursor;
use crate::store::tables::audit::{Action, AuditRow};
use crate::types::{Timestamp, UserId};

/// The index `audit_emails`: changes of the email.
const EMAILS: &str = "action IN ('created', 'registered', 'email-changed', 'email-confirmed', \
                      'email-unconfirmed', 'email-restored', 'confirmation-asked')";

/// The index `audit_logins`: logins and failed logins.
const LOGINS: &str = "action IN ('logged-in', 'login-failed', 'signed-in', 'admin-refused')";

/// The index `audit_changes`: everything but logins and refreshed tokens.
const CHANGES: &str =
    "action NOT IN ('logged-in', 'login-failed', 'signed-in', 'admin-refused', 'refreshed')";

/// The last `limit` rows about a user.
pub fn about(conn: &mut Conn, user: UserId, limit: i64) -> Result<Vec<AuditRow>, StoreError> {
    Ok(audit::table
        .select(AuditRow::as_select())
        .filter(audit::subject_id.eq(user.get()))
        .order((audit::at.desc(), audit::id.desc()))
        .limit(limit)
        .load(conn)?)
}

/// The last `limit` rows about a user's email.
pub fn emails_of(conn: &mut Conn, user: UserId, limit: i64) -> Result<Vec<AuditRow>, StoreError> {
    Ok(audit::table
        .select(AuditRow::as_select())
        .filter(audit::subject_id.eq(user.get()))
        .filter(sql::<Bool>(EMAILS))
        .order(audit::id.desc())
        .limit(limit)
        .load(conn)?)
}

/// The last `limit` logins of a user, failed ones and those to the admin included.
pub fn logins_of(conn: &mut Conn, user: UserId, limit: i64) -> Result<Vec<AuditRow>, StoreError> {
    newest(conn, user, sql(LOGINS), limit)
}

/// The last `limit` rows about a user that are neither logins nor refreshed tokens.
pub fn changes_of(conn: &mut Conn, user: UserId, limit: i64) -> Result<Vec<AuditRow>, StoreError> {
    newest(conn, user, sql(CHANGES), limit)
}

/// Up to `limit` rows about a user after `cursor` without refreshed tokens, the newest first; with `backwards` those
/// before it, the oldest first.
pub(crate) fn page(
    conn: &mut Conn,
    user: UserId,
    backwards: bool,
    cursor: Option<AuditCursor>,
    limit: usize,
) -> Result<Vec<AuditRow>, StoreError> {
    let mut rows = Vec::new();
    for kind in [LOGINS, CHANGES] {
        let query = audit::table
            .filter(audit::subject_id.eq(user.get()))
            .filter(sql::<Bool>(kind))
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .into_boxed();
        rows.extend(audit_list::ordered(query, backwards, cursor).select(AuditRow::as_select()).load(conn)?);
    }
    rows.sort_by_key(AuditCursor::at_row);
    if !backwards {
        rows.reverse();
    }
    rows.truncate(limit);
    Ok(rows)
}

/// When the password of a user was last changed, set or reset.
pub(crate) fn last_password_change(conn: &mut Conn, user: UserId) -> Result<Option<Timestamp>, StoreError> {
    let mut latest = None;
    for action in [Action::PasswordChanged, Action::PasswordSet, Action::PasswordReset] {
        latest = latest.max(last(conn, user, action)?.map(|row| row.at()));
    }
    Ok(latest)
}

/// The last row of this action about a user; not for logins and refreshed tokens.
pub fn last(conn: &mut Conn, user: UserId, action: Action) -> Result<Option<AuditRow>, StoreError> {
    Ok(audit::table
        .select(AuditRow::as_select())
        .filter(audit::subject_id.eq(user.get()))
        .filter(sql::<Bool>(CHANGES))
        .filter(audit::action.eq(action.as_str()))
        .order((audit::at.desc(), audit::id.desc()))
        .first(conn)
        .optional()?)
}

/// When the last recorded refresh of a user was.
pub(crate) fn last_refresh(conn: &mut Conn, user: UserId) -> Result<Option<Timestamp>, StoreError> {
    last_moment(conn, user, sql("TRUE"), Action::Refreshed)
}

/// When the last recorded login of a user was.
pub(crate) fn last_login(conn: &mut Conn, user: UserId) -> Result<Option<Timestamp>, StoreError> {
    last_moment(conn, user, sql(LOGINS), Action::LoggedIn)
}

/// `kind` is the condition of the index that has this action, or `TRUE` if none has.
fn last_moment(
    conn: &mut Conn,
    user: UserId,
    kind: SqlLiteral<Bool>,
    action: Action,
) -> Result<Option<Timestamp>, StoreError> {
    let last = audit::table
        .select(audit::at)
        .filter(audit::subject_id.eq(user.get()))
        .filter(kind)
        .filter(audit::action.eq(action.as_str()))
        .order((audit::at.desc(), audit::id.desc()))
        .first::<i64>(conn)
        .optional()?;
    Ok(last.map(Timestamp::from_micros))
}

/// Whether a user was the actor of any row after a moment.
pub fn did_since(conn: &mut Conn, user: UserId, moment: Timestamp) -> Result<bool, StoreError> {
    let first: Option<i64> = audit::table
        .select(audit::id)
        .filter(audit::actor_id.eq(user.get()))
        .filter(audit::at.gt(moment.micros()))
        .first(conn)
        .optional()?;
    Ok(first.is_some())
}

fn newest(
    conn: &mut Conn,
    user: UserId,
    kind: SqlLiteral<Bool>,
    limit: i64,
) -> Result<Vec<AuditRow>, StoreError> {
    Ok(audit::table
        .select(AuditRow::as_select())
        .filter(audit::subject_id.eq(user.get()))
        .filter(kind)
        .order((audit::at.desc(), audit::id.desc()))
        .limit(limit)
        .load(conn)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_condition_is_that_of_its_index_in_both_dialects() {
        let words = |text: &str| {
            text.split_whitespace().collect::<Vec<_>>().join(" ").replace("( ", "(").replace(" )", ")")
        };
        let sqlite = [
            include_str!("../../../migrations/sqlite/0008_invites/up.sql"),
            include_str!("../../../migrations/sqlite/0011_audit_of_user/up.sql"),
        ];
        let postgres = [
            include_str!("../../../migrations/postgres/0008_invites/up.sql"),
            include_str!("../../../migrations/postgres/0011_audit_of_user/up.sql"),
        ];
        for migrations in [sqlite, postgres] {
            for condition in [EMAILS, LOGINS, CHANGES] {
                assert!(words(&migrations.concat()).contains(&format!("WHERE {condition};")), "{condition}");
            }
        }
    }
}
