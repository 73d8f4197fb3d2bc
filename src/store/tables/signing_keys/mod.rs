//! Table `signing_keys`: the keys that sign tokens with a public and a private half. Each change raises the
//! version, by which processes notice that the keys which they have read are not the current ones.

use diesel::dsl::max;
use diesel::prelude::*;

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::signing_keys;
use crate::store::engine::schema::signing_keys::dsl;
use crate::types::{KeyRecord, KeyState, StoredPrivateKey, Timestamp, TokenAlgorithm};

/// All keys, as of one version.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeyTable {
    /// The version of the last change; 0 before the first.
    pub version: i64,
    /// The keys, the newest first.
    pub keys: Vec<KeyRecord>,
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = signing_keys, primary_key(kid), treat_none_as_null = true)]
struct SigningKeyRow {
    kid: String,
    algorithm: String,
    state: String,
    private: Option<Vec<u8>>,
    public_jwk: String,
    created_at: i64,
    published_at: i64,
    signs_from: i64,
    signed_until: Option<i64>,
    verifies_until: Option<i64>,
    version: i64,
}

impl SigningKeyRow {
    fn new(key: &KeyRecord, version: i64) -> Self {
        Self {
            kid: key.kid.clone(),
            algorithm: key.algorithm.as_str().to_owned(),
            state: key.state.as_str().to_owned(),
            private: key.private.as_ref().map(|private| private.as_bytes().to_vec()),
            public_jwk: key.public_jwk.clone(),
            created_at: key.created_at.micros(),
            published_at: key.published_at.micros(),
            signs_from: key.signs_from.micros(),
            signed_until: key.signed_until.map(Timestamp::micros),
            verifies_until: key.verifies_until.map(Timestamp::micros),
            version,
        }
    }

    /// `None` for an algorithm or a state that this version does not know: no token is accepted by such a key.
    fn record(self) -> Option<KeyRecord> {
        Some(KeyRecord {
            algorithm: TokenAlgorithm::named(&self.algorithm)?,
            state: KeyState::named(&self.state)?,
            kid: self.kid,
            private: self.private.map(StoredPrivateKey::new),
            public_jwk: self.public_jwk,
            created_at: Timestamp::from_micros(self.created_at),
            published_at: Timestamp::from_micros(self.published_at),
            signs_from: Timestamp::from_micros(self.signs_from),
            signed_until: self.signed_until.map(Timestamp::from_micros),
            verifies_until: self.verifies_until.map(Timestamp::from_micros),
        })
    }
}

/// The version of the last change; 0 before the first.
pub(crate) fn version(conn: &mut Conn) -> Result<i64, StoreError> {
    Ok(signing_keys::table.select(max(signing_keys::version)).first::<Option<i64>>(conn)?.unwrap_or(0))
}

/// All keys.
pub(crate) fn read(conn: &mut Conn) -> Result<KeyTable, StoreError> {
    let rows = signing_keys::table.order((dsl::created_at.desc(), dsl::kid));
    let rows: Vec<SigningKeyRow> = rows.select(SigningKeyRow::as_select()).load(conn)?;
    let version = rows.iter().map(|row| row.version).max().unwrap_or(0);
    let mut keys: Vec<KeyRecord> = rows.into_iter().filter_map(SigningKeyRow::record).collect();
    // The row of HS256 is as old as the first key, and its key is older.
    keys.sort_by_key(|key| !key.algorithm.is_asymmetric());
    Ok(KeyTable { version, keys })
}

/// Reads all keys for a change, and makes other changes wait.
pub(crate) fn lock(tx: &mut Tx<'_>) -> Result<KeyTable, StoreError> {
    dialect::lock(tx, &["signing keys".to_owned()])?;
    read(tx)
}

/// Stores a key, in place of the one with the same id.
pub(crate) fn put(tx: &mut Tx<'_>, key: &KeyRecord, version: i64) -> Result<(), StoreError> {
    let row = SigningKeyRow::new(key, version);
    let known = diesel::update(signing_keys::table.find(&key.kid)).set(&row).execute(&mut **tx)?;
    if known == 0 {
        diesel::insert_into(signing_keys::table).values(&row).execute(&mut **tx)?;
    }
    Ok(())
}
