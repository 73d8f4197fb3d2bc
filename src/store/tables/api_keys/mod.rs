//! Table `api_keys`: the keys of machines. The secrets are not in it.

use diesel::prelude::*;

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::api_keys;
use crate::store::engine::schema::api_keys::dsl;
use crate::types::{ApiKeyId, ApiKeyRecord, ApiScopes, Timestamp};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = api_keys)]
struct ApiKeyRow {
    id: String,
    digest: Vec<u8>,
    name: String,
    scopes: String,
    networks: String,
    created_at: i64,
    expires_at: Option<i64>,
    last_used_at: Option<i64>,
    revoked_at: Option<i64>,
}

impl ApiKeyRow {
    fn new(key: &ApiKeyRecord, digest: [u8; 32]) -> Self {
        Self {
            id: key.id.to_string(),
            digest: digest.to_vec(),
            name: key.name.clone(),
            scopes: key.scopes.joined(),
            networks: key.networks.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
            created_at: key.created_at.micros(),
            expires_at: key.expires_at.map(Timestamp::micros),
            last_used_at: key.last_used_at.map(Timestamp::micros),
            revoked_at: key.revoked_at.map(Timestamp::micros),
        }
    }

    /// `None` for an id or a network that cannot be read: such a row opens nothing.
    fn record(self) -> Option<ApiKeyRecord> {
        let networks = self.networks.split(',').filter(|network| !network.is_empty());
        Some(ApiKeyRecord {
            id: ApiKeyId::parse(&self.id)?,
            name: self.name,
            scopes: ApiScopes::from_stored(&self.scopes),
            networks: networks.map(|network| network.parse().ok()).collect::<Option<_>>()?,
            created_at: Timestamp::from_micros(self.created_at),
            expires_at: self.expires_at.map(Timestamp::from_micros),
            last_used_at: self.last_used_at.map(Timestamp::from_micros),
            revoked_at: self.revoked_at.map(Timestamp::from_micros),
        })
    }
}

/// A key as it is stored, with the digest of its secret.
pub(crate) struct StoredApiKey(ApiKeyRow);

impl StoredApiKey {
    /// The digest of the secret.
    pub(crate) fn digest(&self) -> &[u8] {
        &self.0.digest
    }

    /// What is stored beside it; `None` for a row that opens nothing.
    pub(crate) fn record(self) -> Option<ApiKeyRecord> {
        self.0.record()
    }
}

/// The key with this id. What is beside its digest is parsed later, when the secret was right: a wrong one takes as long
/// as an unknown id.
pub(crate) fn find(conn: &mut Conn, id: ApiKeyId) -> Result<Option<StoredApiKey>, StoreError> {
    let row = api_keys::table.find(id.to_string()).select(ApiKeyRow::as_select()).first(conn).optional()?;
    Ok(row.map(StoredApiKey))
}

/// Up to `limit` keys: those that are not revoked first, and among them the newest.
pub(crate) fn list(conn: &mut Conn, limit: i64) -> Result<Vec<ApiKeyRecord>, StoreError> {
    let order = (dsl::revoked_at.is_not_null(), dsl::created_at.desc(), dsl::id);
    let rows = api_keys::table.order(order).limit(limit).select(ApiKeyRow::as_select());
    Ok(rows.load(conn)?.into_iter().filter_map(ApiKeyRow::record).collect())
}

/// The names of the keys with these ids, each with its id.
pub(crate) fn names(conn: &mut Conn, ids: &[String]) -> Result<Vec<(String, String)>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(api_keys::table.filter(dsl::id.eq_any(ids)).select((dsl::id, dsl::name)).load(conn)?)
}

/// Stores a new key; answers whether there was none with its id.
pub(crate) fn insert(tx: &mut Tx<'_>, key: &ApiKeyRecord, digest: [u8; 32]) -> Result<bool, StoreError> {
    dialect::lock(tx, &[format!("api key {}", key.id)])?;
    if find(tx, key.id)?.is_some() {
        return Ok(false);
    }
    let insert = diesel::insert_into(api_keys::table).values(ApiKeyRow::new(key, digest));
    Ok(insert.execute(&mut **tx)? > 0)
}

/// Revokes a key; answers whether it was not revoked before.
pub(crate) fn revoke(tx: &mut Tx<'_>, id: ApiKeyId, now: Timestamp) -> Result<bool, StoreError> {
    let key = api_keys::table.find(id.to_string()).filter(dsl::revoked_at.is_null());
    Ok(diesel::update(key).set(dsl::revoked_at.eq(now.micros())).execute(&mut **tx)? > 0)
}

/// Stores when each key was last used.
pub(crate) fn record_last_used(
    tx: &mut Tx<'_>,
    last_used: &[(ApiKeyId, Timestamp)],
) -> Result<(), StoreError> {
    for (id, at) in last_used {
        let key = api_keys::table.find(id.to_string());
        diesel::update(key).set(dsl::last_used_at.eq(at.micros())).execute(&mut **tx)?;
    }
    Ok(())
}
