//! Everything that the database has about one person.

use serde_json::{Value, json};

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;
use crate::store::queries::audit_list;
use crate::store::queries::audit_list::{AuditCursor, AuditFilter};
use crate::store::queries::mail_list;
use crate::store::tables::audit::AuditRow;
use crate::store::tables::mails::Mail;
use crate::store::tables::one_time_keys::OpenLink;
use crate::store::tables::sessions::Session;
use crate::store::tables::users;
use crate::store::tables::users::groups;
use crate::store::tables::{admin_sessions, known_addresses, one_time_keys, sessions, throttles};
use crate::types::{Identifier, Lang, Timestamp, User, UserId};

/// How many rows of one kind are read at a time.
const PAGE: usize = 1000;

/// The most sessions and mails.
const MAX_ROWS: i64 = 100_000;

/// The user with all data as JSON: the account, sessions, mails, links that work, limits, and the rows of the audit
/// log. Without secrets, and without what identifies other persons in those rows.
pub(crate) fn of_user(
    conn: &mut Conn,
    id: UserId,
    now: Timestamp,
) -> Result<Option<(User, Value)>, StoreError> {
    let Some(user) = users::by_id(conn, id)? else { return Ok(None) };
    let sessions = sessions::of_user(conn, id, MAX_ROWS)?;
    let admin_sessions = admin_sessions::of_user(conn, id, MAX_ROWS)?;
    let mails = mail_list::about(conn, id, MAX_ROWS)?;
    let data = json!({
        "account": account(conn, &user)?,
        "sessions": sessions.iter().map(session).collect::<Vec<_>>(),
        "admin_sessions": admin_sessions.iter().map(|session| json!({
            "started_at": session.created_at.to_rfc3339(),
            "last_seen_at": session.last_seen_at.to_rfc3339(),
            "address": session.address,
            "user_agent": session.user_agent,
        })).collect::<Vec<_>>(),
        "known_addresses": known_addresses::of_user(conn, id)?.iter().map(|(network, last_used_at)| json!({
            "network": network,
            "last_used_at": last_used_at.to_rfc3339(),
        })).collect::<Vec<_>>(),
        "emails": mails.iter().map(mail).collect::<Vec<_>>(),
        "links": one_time_keys::of_user(conn, &user, now)?.iter().map(link).collect::<Vec<_>>(),
        "limits": throttles::with_keys(conn, &limit_keys(&user), now)?.iter().map(|(limit, until)| json!({
            "limit": limit,
            "until": until.to_rfc3339(),
        })).collect::<Vec<_>>(),
        "audit": audit_rows(conn, &user)?,
    });
    Ok(Some((user, data)))
}

fn account(conn: &mut Conn, user: &User) -> Result<Value, StoreError> {
    Ok(json!({
        "id": user.public_id(),
        "username": user.username,
        "email": user.email,
        "is_email_confirmed": user.is_email_confirmed,
        "recovery_email": user.recovery_email,
        "is_active": user.is_active,
        "is_admin": user.is_admin,
        "deletion_due_at": user.deletion_due_at.map(Timestamp::to_rfc3339),
        "created_at": user.created_at.to_rfc3339(),
        "updated_at": user.updated_at.to_rfc3339(),
        "last_login_at": user.last_login_at.map(Timestamp::to_rfc3339),
        "chosen_language": user.chosen_language.map(Lang::tag),
        "client_language": user.client_language.map(Lang::tag),
        "groups": groups::of_user(conn, user.id)?,
        "attributes": users::attributes_of(conn, &[user.id])?.remove(&user.id).unwrap_or_default(),
    }))
}

fn session(session: &Session) -> Value {
    json!({
        "started_at": session.started_at.to_rfc3339(),
        "last_seen_at": session.last_seen_at.to_rfc3339(),
        "expires_at": session.expires_at.to_rfc3339(),
        "ended_at": session.ended_at.map(Timestamp::to_rfc3339),
        "address": session.address,
        "user_agent": session.user_agent,
    })
}

fn mail(mail: &Mail) -> Value {
    json!({
        "kind": mail.content.kind.as_str(),
        "recipient": mail.content.to,
        "written_at": mail.content.written_at.to_rfc3339(),
        "ended_at": mail.ended_at.map(Timestamp::to_rfc3339),
    })
}

/// A link without its key.
fn link(link: &OpenLink) -> Value {
    json!({
        "purpose": link.purpose,
        "email": link.email,
        "created_at": link.created.to_rfc3339(),
        "expires_at": link.expires.to_rfc3339(),
    })
}

/// What the names of a user's rate limits end with.
fn limit_keys(user: &User) -> Vec<String> {
    let typed = |text: &str| format!("{:032x}", Identifier::new(text).fingerprint());
    let email = (!user.email.is_blank()).then(|| typed(user.email.as_str()));
    [user.id.to_string(), typed(user.username.as_str())].into_iter().chain(email).collect()
}

/// The rows about the user, and those of the user's own actions.
fn audit_rows(conn: &mut Conn, user: &User) -> Result<Vec<Value>, StoreError> {
    let filter = AuditFilter { persons: vec![user.id], invited: user.email.keys(), ..AuditFilter::default() };
    let (mut rows, mut cursor) = (Vec::new(), None);
    loop {
        let page = audit_list::page(conn, &filter, false, cursor, PAGE)?;
        let ids = users::PublicIds::load(conn, page.iter().flat_map(AuditRow::users))?;
        rows.extend(page.iter().map(|row| without_others(row, user.id, &ids)));
        match page.last() {
            Some(last) if page.len() == PAGE => cursor = Some(AuditCursor::at_row(last)),
            _ => return Ok(rows),
        }
    }
}

/// A row without what identifies another person: the client of an administrator who acted on this user, the
/// user on whom this administrator acted.
fn without_others(row: &AuditRow, user: UserId, ids: &users::PublicIds) -> Value {
    let mut json = row.to_json(ids);
    let is_other = |id: Option<i64>| id.is_some_and(|id| id != user.get());
    if is_other(row.actor_id) {
        (json["address"], json["user_agent"], json["actor_id"]) = (Value::Null, Value::Null, Value::Null);
    }
    if is_other(row.subject_id) {
        (json["subject"], json["subject_id"], json["detail"]) = (Value::Null, Value::Null, Value::Null);
    }
    json
}
