//! Table `audit`: what happened, to whom, by whom, from where. Rows are only ever added, lose what
//! tells of a person when that person's account goes, and never hold a secret: not even the name
//! that somebody typed who is no user, because people type passwords into the wrong field.
//!
//! A moment later each row is chained to the one before it (`seal`), by a hash (`chain`), so that
//! `verify` finds what somebody changed who did not go through here.

mod action;
mod chain;
mod seal;
mod verify;

use diesel::prelude::*;

use crate::store::engine::connection::Tx;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::audit;
use crate::store::queries::audit_list;
pub use crate::store::tables::audit::action::Action;
pub use crate::store::tables::audit::chain::{ChainMark, ChainMarkError, ChainProblem};
pub use crate::store::tables::audit::seal::{Head, has_unsealed, head, seal_next};
pub use crate::store::tables::audit::verify::{ChainFinding, ChainReport, verify};
use crate::types::{EmailKey, Timestamp, UserId};

/// A row to add.
#[derive(Clone, Debug)]
pub struct NewAuditEntry<'a> {
    /// When.
    pub at: Timestamp,
    /// What.
    pub action: Action,
    /// By what kind of actor: "anonymous", "user", "administrator", "command-line", "setup-link",
    /// "mail-link".
    pub actor: &'a str,
    /// Which user did it, if a user did.
    pub actor_id: Option<UserId>,
    /// To whom, if the account is known.
    pub subject_id: Option<UserId>,
    /// The account's name at that moment.
    pub subject: Option<&'a str>,
    /// From which network address.
    pub address: Option<String>,
    /// With which client.
    pub user_agent: Option<&'a str>,
    /// What else there is to know, such as the reason that was given.
    pub detail: Option<&'a str>,
}

/// A row as it was written.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = audit)]
pub struct AuditRow {
    /// The number of the row, rising.
    pub id: i64,
    /// Microseconds since 1970.
    pub at: i64,
    /// [`Action::as_str`].
    pub action: String,
    /// The kind of actor.
    pub actor: String,
    /// The acting user.
    pub actor_id: Option<i64>,
    /// The user it happened to.
    pub subject_id: Option<i64>,
    /// Their name at that moment.
    pub subject: Option<String>,
    /// From where.
    pub address: Option<String>,
    /// With what.
    pub user_agent: Option<String>,
    /// What else there is to know.
    pub detail: Option<String>,
}

impl From<&AuditRow> for serde_json::Value {
    /// As lists of the log show it to programs.
    fn from(row: &AuditRow) -> Self {
        serde_json::json!({
            "id": row.id,
            "at": row.at().to_rfc3339(),
            "action": row.action,
            "actor": row.actor,
            "actor_id": row.actor_id,
            "subject_id": row.subject_id,
            "subject": row.subject,
            "address": row.address,
            "user_agent": row.user_agent,
            "detail": row.detail,
        })
    }
}

impl AuditRow {
    /// When.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        Timestamp::from_micros(self.at)
    }
}

/// Adds a row, in the transaction of the change it speaks of.
pub fn record(tx: &mut Tx<'_>, entry: &NewAuditEntry<'_>) -> Result<(), StoreError> {
    diesel::insert_into(audit::table)
        .values((
            audit::at.eq(entry.at.micros()),
            audit::action.eq(entry.action.as_str()),
            audit::actor.eq(entry.actor),
            audit::actor_id.eq(entry.actor_id.map(UserId::get)),
            audit::subject_id.eq(entry.subject_id.map(UserId::get)),
            audit::subject.eq(entry.subject),
            audit::address.eq(entry.address.as_deref()),
            audit::user_agent.eq(entry.user_agent),
            audit::detail.eq(entry.detail),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Takes an address out of the rows about its invitations, with the salt, as [`anonymise`] does with what
/// tells of a user.
pub fn forget_invited(tx: &mut Tx<'_>, email: &EmailKey) -> Result<(), StoreError> {
    let rows =
        audit::table.filter(audit_list::is_about_invitation()).filter(audit::detail.eq(email.as_str()));
    diesel::update(rows)
        .set((audit::detail.eq(None::<String>), audit::subject_salt.eq(None::<Vec<u8>>)))
        .execute(&mut **tx)?;
    Ok(())
}

/// Takes the name, the network address and the client out of the rows about a user, and the latter
/// two out of those of what the user did to others: what happened stays, without a person. The salts
/// go, too, so that nobody can try out whom a digest of the chain is of.
pub fn anonymise(tx: &mut Tx<'_>, user: UserId) -> Result<(), StoreError> {
    let nowhere = || {
        let salt = audit::client_salt.eq(None::<Vec<u8>>);
        (audit::address.eq(None::<String>), audit::user_agent.eq(None::<String>), salt)
    };
    let nobody = || {
        let salt = audit::subject_salt.eq(None::<Vec<u8>>);
        (audit::subject.eq(None::<String>), audit::detail.eq(None::<String>), salt)
    };
    diesel::update(audit::table.filter(audit::subject_id.eq(user.get())))
        .set((nobody(), nowhere()))
        .execute(&mut **tx)?;
    diesel::update(audit::table.filter(audit::actor_id.eq(user.get()))).set(nowhere()).execute(&mut **tx)?;
    Ok(())
}
