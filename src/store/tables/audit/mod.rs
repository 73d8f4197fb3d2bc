//! Table `audit`: the action, its subject, its actor and its client. Rows are only inserted, and the
//! oldest let go (`trim`). When an account
//! is deleted, its rows lose what identifies the person. No row has a secret, and none has the name of a
//! failed login without a user, because people type passwords into the wrong field.
//!
//! A moment after its insertion each row is chained to the one before it (`seal`) by a hash (`chain`), so
//! that `verify` finds rows that were changed in another way than by this file.

mod action;
mod chain;
pub(crate) mod detail;
mod seal;
mod trim;
mod verify;

use std::borrow::Cow;

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

use crate::store::engine::connection::Tx;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::audit;
use crate::store::engine::stored_text::{NullableText, StoredText};
pub use crate::store::tables::audit::action::{Action, ActionKind};
pub use crate::store::tables::audit::chain::{ChainAnchor, ChainAnchorError, ChainProblem};
pub use crate::store::tables::audit::seal::{ChainHead, has_unsealed, head, seal_next};
pub use crate::store::tables::audit::trim::{LetGo, let_go};
pub(crate) use crate::store::tables::audit::trim::{delete_let_go, last_trimmed, old_prefix};
pub use crate::store::tables::audit::verify::{ChainFinding, ChainReport, verify};
use crate::store::tables::users::PublicIds;
use crate::types::{ApiKeyId, Email, Timestamp, UserId};

/// What stands before the id of an API key that is the actor of a row.
pub(crate) const API_KEY: &str = "api-key:";

/// The API key that a word for an actor names, as rows have it.
#[must_use]
pub(crate) fn api_key_of(actor: &str) -> Option<ApiKeyId> {
    ApiKeyId::parse(actor.strip_prefix(API_KEY)?)
}

/// A row to insert.
#[derive(Clone, Debug)]
pub struct NewAuditEntry<'a> {
    /// The moment.
    pub at: Timestamp,
    /// The action.
    pub action: Action,
    /// The kind of the actor: "anonymous", "user", "administrator", "command-line", "setup-link",
    /// "mail-link", "server", "api-key:" with the id of an API key.
    pub actor: Cow<'a, str>,
    /// The acting user.
    pub actor_id: Option<UserId>,
    /// The user that the action concerns.
    pub subject_id: Option<UserId>,
    /// The user's name at that moment.
    pub subject: Option<&'a str>,
    /// The network address of the client.
    pub address: Option<String>,
    /// The client.
    pub user_agent: Option<&'a str>,
    /// More about the action, such as a reason.
    pub detail: Option<&'a str>,
    /// The bulk action that it is a part of.
    pub bulk_id: Option<i64>,
}

/// A row of the log.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = audit)]
pub struct AuditRow {
    /// The id, rising.
    pub id: i64,
    /// Microseconds since 1970.
    pub at: i64,
    /// [`Action::as_str`].
    #[diesel(deserialize_as = StoredText)]
    pub action: String,
    /// The kind of the actor.
    #[diesel(deserialize_as = StoredText)]
    pub actor: String,
    /// The acting user.
    pub actor_id: Option<i64>,
    /// The user that the action concerns.
    pub subject_id: Option<i64>,
    /// The user's name at that moment.
    #[diesel(deserialize_as = NullableText)]
    pub subject: Option<String>,
    /// The network address of the client.
    #[diesel(deserialize_as = NullableText)]
    pub address: Option<String>,
    /// The client.
    #[diesel(deserialize_as = NullableText)]
    pub user_agent: Option<String>,
    /// More about the action.
    #[diesel(deserialize_as = NullableText)]
    pub detail: Option<String>,
    /// The bulk action that it is a part of.
    pub bulk_id: Option<i64>,
}

impl AuditRow {
    /// The row in exports and in JSON of the command line, with the ids of users as they see them.
    pub(crate) fn to_json(&self, ids: &PublicIds) -> serde_json::Value {
        serde_json::json!({
            "id": self.id,
            "at": self.at().to_rfc3339(),
            "action": self.action,
            "actor": self.actor,
            "actor_id": self.actor_id.map(|id| ids.of(id)),
            "subject_id": self.subject_id.map(|id| ids.of(id)),
            "subject": self.subject,
            "address": self.address,
            "user_agent": self.user_agent,
            "detail": self.detail,
            "bulk_id": self.bulk_id,
        })
    }

    /// The users in it.
    pub(crate) fn users(&self) -> impl Iterator<Item = i64> {
        [self.actor_id, self.subject_id].into_iter().flatten()
    }
}

impl AuditRow {
    /// The id of the API key that is the actor.
    pub(crate) fn api_key(&self) -> Option<&str> {
        self.actor.strip_prefix(API_KEY)
    }

    /// The moment.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        Timestamp::from_micros(self.at)
    }
}

/// Inserts a row, in the transaction of the change that it records.
pub fn record(tx: &mut Tx<'_>, entry: &NewAuditEntry<'_>) -> Result<(), StoreError> {
    diesel::insert_into(audit::table)
        .values((
            audit::at.eq(entry.at.micros()),
            audit::action.eq(entry.action.as_str()),
            audit::actor.eq(entry.actor.as_ref()),
            audit::actor_id.eq(entry.actor_id.map(UserId::get)),
            audit::subject_id.eq(entry.subject_id.map(UserId::get)),
            audit::subject.eq(entry.subject),
            audit::address.eq(entry.address.as_deref()),
            audit::user_agent.eq(entry.user_agent),
            audit::detail.eq(entry.detail),
            audit::bulk_id.eq(entry.bulk_id),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// How many rows one statement inserts: of ten values each, far below the 32,766 parameters of SQLite.
const ROWS: usize = 500;

/// Inserts many rows, as [`record`].
pub(crate) fn record_all(tx: &mut Tx<'_>, entries: &[NewAuditEntry<'_>]) -> Result<(), StoreError> {
    for entries in entries.chunks(ROWS) {
        let values: Vec<String> = (0..entries.len())
            .map(|place| {
                let values: Vec<String> = (1..=10).map(|value| format!("${}", place * 10 + value)).collect();
                format!("({})", values.join(", "))
            })
            .collect();
        let mut insert = diesel::sql_query(format!(
            "INSERT INTO audit (at, action, actor, actor_id, subject_id, subject, address, user_agent, detail, bulk_id) \
             VALUES {}",
            values.join(", ")
        ))
        .into_boxed();
        for entry in entries {
            insert = insert
                .bind::<BigInt, _>(entry.at.micros())
                .bind::<Text, _>(entry.action.as_str())
                .bind::<Text, _>(entry.actor.clone().into_owned())
                .bind::<Nullable<BigInt>, _>(entry.actor_id.map(UserId::get))
                .bind::<Nullable<BigInt>, _>(entry.subject_id.map(UserId::get))
                .bind::<Nullable<Text>, _>(entry.subject.map(str::to_owned))
                .bind::<Nullable<Text>, _>(entry.address.clone())
                .bind::<Nullable<Text>, _>(entry.user_agent.map(str::to_owned))
                .bind::<Nullable<Text>, _>(entry.detail.map(str::to_owned))
                .bind::<Nullable<BigInt>, _>(entry.bulk_id);
        }
        insert.execute(&mut **tx)?;
    }
    Ok(())
}

/// The detail of the newest row with an action about a user; `None` without a row or a detail.
pub(crate) fn last_detail(
    tx: &mut Tx<'_>,
    action: Action,
    subject: UserId,
) -> Result<Option<String>, StoreError> {
    let rows = audit::table
        .filter(audit::subject_id.eq(subject.get()))
        .filter(audit::action.eq(action.as_str()))
        .order((audit::at.desc(), audit::id.desc()));
    Ok(rows.select(audit::detail).first::<Option<String>>(&mut **tx).optional()?.flatten())
}

/// Whether a row is about an invitation. The same words as those of the partial index `audit_invited`, which
/// else would not be used.
pub(crate) fn is_about_invitation() -> SqlLiteral<Bool> {
    sql::<Bool>("action IN ('invited', 'invite-withdrawn')")
}

/// Removes an address and the salt from the rows about its invitations, as [`anonymise`] does for a user.
pub fn forget_invited(tx: &mut Tx<'_>, email: &Email) -> Result<(), StoreError> {
    // Sealed rows keep the key of the version that wrote them.
    for key in email.keys() {
        let rows = audit::table.filter(is_about_invitation()).filter(audit::detail.eq(key.as_str()));
        diesel::update(rows)
            .set((audit::detail.eq(None::<String>), audit::subject_salt.eq(None::<Vec<u8>>)))
            .execute(&mut **tx)?;
    }
    Ok(())
}

/// Removes the name, the detail, the network address and the client from the rows about a user, and the last
/// two from the rows of the user's actions: the actions stay, without a person. The salts are removed as
/// well; with a salt, a digest of the chain could be tried against names.
pub fn anonymise(tx: &mut Tx<'_>, user: UserId) -> Result<(), StoreError> {
    let without_client = || {
        let salt = audit::client_salt.eq(None::<Vec<u8>>);
        (audit::address.eq(None::<String>), audit::user_agent.eq(None::<String>), salt)
    };
    let without_subject = || {
        let salt = audit::subject_salt.eq(None::<Vec<u8>>);
        (audit::subject.eq(None::<String>), audit::detail.eq(None::<String>), salt)
    };
    diesel::update(audit::table.filter(audit::subject_id.eq(user.get())))
        .set((without_subject(), without_client()))
        .execute(&mut **tx)?;
    diesel::update(audit::table.filter(audit::actor_id.eq(user.get())))
        .set(without_client())
        .execute(&mut **tx)?;
    Ok(())
}
