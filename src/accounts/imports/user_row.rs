//! A row of the source as a user, by the mapping; and the digest by which a changed row is recognised.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::accounts::imports::mapping::{ConfirmedBy, KeyKind, Mapping};
use crate::accounts::imports::origin_rows::{BadRow, OriginEmail, OriginRow, key_text};
use crate::accounts::imports::values::{boolean, is_none, moment, uuid};
use crate::store::engine::canonical::Canonical;
use crate::store::tables::users::ImportedUser;
use crate::types::{Attributes, Email, PasswordHash, PublicId, Timestamp, UserId, Username};

/// The attribute with the addresses of a user besides the own one.
pub(crate) const EMAILS: &str = "emails";

/// Django's column of those who may enter its admin.
const IS_STAFF: &str = "is_staff";

/// A hash that fits no password, as Django writes one (`django/contrib/auth/hashers.py`, `make_password`).
const UNUSABLE: &str = "!";

/// A user as the source has it.
pub(super) struct MappedUser {
    /// The row, from 1 on.
    pub number: u64,
    /// The key in the source, in one spelling.
    pub key: String,
    /// The values for the database.
    pub user: ImportedUser,
    /// A digest of all that.
    pub digest: [u8; 32],
}

/// Reads a row.
///
/// # Errors
/// Why the row is left out.
pub(super) fn map_row(row: &OriginRow, mapping: &Mapping, now: Timestamp) -> Result<MappedUser, BadRow> {
    let field = |name: &str| row.fields.get(name).filter(|value| !is_none(value));
    let bad = |key: Option<String>, reason: String| BadRow { number: row.number, key, reason };
    let users = &mapping.users;
    let key =
        field(&users.id).and_then(key_text).ok_or_else(|| bad(None, format!("`{}` is empty", users.id)))?;
    let (key, id) = public_id(&key, users.id_kind).map_err(|why| bad(Some(key.clone()), why))?;
    let bad = |reason: String| bad(Some(key.clone()), reason);
    let text = |name: &Option<String>| match name.as_ref().and_then(|name| field(name)) {
        Some(value) => key_text(value).unwrap_or_default(),
        None => String::new(),
    };
    let truth = |name: &Option<String>, default: bool| match name {
        Some(name) => row
            .fields
            .get(name)
            .and_then(boolean)
            .ok_or_else(|| bad(format!("`{name}` is neither true nor false"))),
        None => Ok(default),
    };
    let time = |name: &Option<String>| match name.as_ref().and_then(|name| Some((name, field(name)?))) {
        Some((name, value)) => moment(value).map(Some).ok_or_else(|| bad(format!("`{name}` is no date"))),
        None => Ok(None),
    };
    let email = text(&users.email);
    let username = text(&Some(users.username.clone()));
    if username.trim().is_empty() {
        return Err(bad(format!("`{}` is empty", users.username)));
    }
    let is_email_confirmed = match &users.confirmed {
        ConfirmedBy::All => !email.is_empty(),
        ConfirmedBy::None => false,
        ConfirmedBy::Column(name) => truth(&Some(name.clone()), false)? && !email.is_empty(),
        ConfirmedBy::Emails => row.emails.iter().any(|one| one.is_verified && is_same(&one.email, &email)),
    };
    let hash = match text(&users.password) {
        hash if hash.is_empty() => UNUSABLE.to_owned(),
        hash => hash,
    };
    let last_login_at = time(&users.last_login)?;
    let created_at = time(&users.joined)?.unwrap_or(now);
    let joined_is_known = users.joined.is_some();
    let user = ImportedUser {
        id,
        username: Username::from_stored(username),
        email: Email::from_stored(email),
        password_hash: PasswordHash::from_stored(hash),
        is_email_confirmed,
        is_active: truth(&users.active, true)?,
        is_admin: truth(&users.admin, false)?,
        created_at,
        last_login_at,
        attributes: attributes(row, mapping),
        groups: groups(&row.groups),
    };
    let digest = digest(&key, &user, joined_is_known);
    Ok(MappedUser { number: row.number, key, user, digest })
}

fn is_same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// The key in one spelling, and the id that it becomes.
pub(super) fn public_id(key: &str, kind: KeyKind) -> Result<(String, PublicId), String> {
    match kind {
        KeyKind::Integer => match key.trim().parse::<i64>() {
            Ok(id) if id > 0 => Ok((id.to_string(), PublicId::Integer(UserId::new(id)))),
            _ => Err("the key is no number above zero; say id_kind = \"text\" in the mapping".to_owned()),
        },
        KeyKind::Uuid => {
            let key = uuid(key).ok_or("the key is no UUID; say id_kind = \"text\" in the mapping")?;
            let id = PublicId::text(key.clone()).ok_or("the key is no UUID")?;
            Ok((key, id))
        }
        KeyKind::Text => {
            let id = PublicId::text(key.to_owned())
                .ok_or("the key is longer than 255 characters, or has a NUL")?;
            Ok((key.to_owned(), id))
        }
    }
}

fn attributes(row: &OriginRow, mapping: &Mapping) -> Attributes {
    let users = &mapping.users;
    let mut attributes = Map::new();
    // In one order, whatever the order of the source: the digest depends on it.
    let names: BTreeSet<&String> = users.attributes.iter().collect();
    for name in names {
        if let Some(value) = row.fields.get(name).filter(|value| !is_none(value)) {
            // Part of every export, whether the source has booleans or not.
            let truth = boolean(value).filter(|_| name == IS_STAFF).map(Value::Bool);
            attributes.insert(name.clone(), truth.unwrap_or_else(|| ordered(value)));
        }
    }
    let own = users.email.as_ref().and_then(|name| row.fields.get(name)?.as_str()).unwrap_or_default();
    let mut others: Vec<&OriginEmail> = row.emails.iter().filter(|one| !is_same(&one.email, own)).collect();
    others.sort_unstable_by(|one, other| one.email.cmp(&other.email));
    if !others.is_empty() {
        let others = others
            .into_iter()
            .map(|one| json!({"email": one.email, "verified": one.is_verified, "primary": one.is_primary}));
        attributes.insert(EMAILS.to_owned(), Value::Array(others.collect()));
    }
    Attributes::from(attributes)
}

/// With the keys of all objects in order: PostgreSQL's `jsonb` has another one than a file.
fn ordered(value: &Value) -> Value {
    match value {
        Value::Array(values) => Value::Array(values.iter().map(ordered).collect()),
        Value::Object(fields) => {
            let fields: BTreeMap<&String, &Value> = fields.iter().collect();
            Value::Object(fields.into_iter().map(|(name, value)| (name.clone(), ordered(value))).collect())
        }
        other => other.clone(),
    }
}

fn groups(names: &[String]) -> Vec<String> {
    let mut groups: Vec<String> = names.iter().filter(|name| !name.trim().is_empty()).cloned().collect();
    groups.sort_unstable();
    groups.dedup();
    groups
}

/// Without the moment of creation where the source has none: it is then that of the import.
fn digest(key: &str, user: &ImportedUser, joined_is_known: bool) -> [u8; 32] {
    let mut hash = Canonical::default();
    hash.text("doorward imported row 1");
    hash.text(key);
    hash.text(user.username.as_str());
    hash.text(user.email.as_str());
    hash.text(user.password_hash.as_stored());
    for is in [user.is_email_confirmed, user.is_active, user.is_admin] {
        hash.number(i64::from(is));
    }
    hash.some_number(joined_is_known.then(|| user.created_at.micros()));
    hash.some_number(user.last_login_at.map(Timestamp::micros));
    hash.text(&Value::Object(user.attributes.as_map().clone()).to_string());
    user.groups.iter().for_each(|name| hash.text(name));
    hash.finish()
}
