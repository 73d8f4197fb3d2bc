//! What happened to one user, newest first: all of it, or one kind of it, however many rows of other
//! kinds there are. The conditions are worded as the indexes of the migrations are, so that those are
//! used. Read by whoever shows one account.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::audit;
use crate::store::tables::audit::{Action, AuditRow};
use crate::types::{Timestamp, UserId};

/// The index `audit_emails`: what became of the email.
const EMAILS: &str = "action IN ('created', 'registered', 'email-changed', 'email-confirmed', \
                      'email-unconfirmed', 'email-restored', 'confirmation-asked')";

/// The index `audit_logins`: who came in, or tried to.
const LOGINS: &str = "action IN ('logged-in', 'login-failed', 'signed-in', 'admin-refused')";

/// The index `audit_changes`: what does not happen every day.
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

/// The last `limit` logins of a user, those at the admin's door and those that failed among them.
pub fn logins_of(conn: &mut Conn, user: UserId, limit: i64) -> Result<Vec<AuditRow>, StoreError> {
    newest(conn, user, sql(LOGINS), limit)
}

/// The last `limit` rows about a user that are neither logins nor refreshed tokens.
pub fn changes_of(conn: &mut Conn, user: UserId, limit: i64) -> Result<Vec<AuditRow>, StoreError> {
    newest(conn, user, sql(CHANGES), limit)
}

/// The last time that this happened to a user: no login, and no refreshed token.
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

/// Whether a user did anything after a moment, to whomever.
pub fn did_since(conn: &mut Conn, user: UserId, moment: Timestamp) -> Result<bool, StoreError> {
    let found: Option<i64> = audit::table
        .select(audit::id)
        .filter(audit::actor_id.eq(user.get()))
        .filter(audit::at.gt(moment.micros()))
        .first(conn)
        .optional()?;
    Ok(found.is_some())
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
    fn each_condition_is_that_of_its_index_on_both_databases() {
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
