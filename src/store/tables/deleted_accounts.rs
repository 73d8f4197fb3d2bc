//! Table `deleted_accounts`: what is remembered of deleted accounts, as digests (decision 0085).

use std::collections::HashSet;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary};

use crate::store::engine::canonical::Canonical;
use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::deleted_accounts;
use crate::store::engine::schema::deleted_accounts::dsl;
use crate::store::tables::secrets;
use crate::types::{Email, Timestamp, User, UserId};

/// The secret of the digests of addresses, and its length in bytes.
const SECRET: &str = "deleted-accounts";
const SECRET_LENGTH: usize = 32;

/// The length of a digest in bytes.
const DIGEST_LENGTH: usize = 32;

/// A deleted account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeletedAccount {
    /// The id that it had.
    pub user: UserId,
    /// A digest of the id and the moment of creation.
    pub account_digest: Vec<u8>,
    /// A digest of the address, keyed by a secret of the database.
    pub email_digest: Vec<u8>,
    /// When it was deleted.
    pub deleted_at: Timestamp,
}

impl DeletedAccount {
    /// Whether it is the account of this user.
    pub(crate) fn is_of(&self, user: &User) -> bool {
        self.account_digest == account_digest(user)
    }

    /// The values for storing outside of the database: JSON with hexadecimal digits.
    #[must_use]
    pub(crate) fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "user_id": self.user,
            "account": hex::encode(&self.account_digest),
            "email": hex::encode(&self.email_digest),
            "deleted_at": self.deleted_at.micros(),
        })
    }

    /// The account that [`Self::to_json`] wrote; `None` for anything else.
    #[must_use]
    pub(crate) fn from_json(json: &serde_json::Value) -> Option<Self> {
        let digest = |name: &str| {
            let digest = hex::decode(json.get(name)?.as_str()?).ok()?;
            (digest.len() == DIGEST_LENGTH).then_some(digest)
        };
        Some(Self {
            user: UserId::new(json.get("user_id")?.as_i64()?),
            account_digest: digest("account")?,
            email_digest: digest("email")?,
            deleted_at: Timestamp::from_micros(json.get("deleted_at")?.as_i64()?),
        })
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = deleted_accounts)]
struct DeletedAccountColumns {
    account_digest: Vec<u8>,
    user_id: i64,
    email_digest: Vec<u8>,
    deleted_at: i64,
}

impl From<DeletedAccountColumns> for DeletedAccount {
    fn from(row: DeletedAccountColumns) -> Self {
        Self {
            user: UserId::new(row.user_id),
            account_digest: row.account_digest,
            email_digest: row.email_digest,
            deleted_at: Timestamp::from_micros(row.deleted_at),
        }
    }
}

/// Remembers that a user is deleted.
pub(crate) fn insert(tx: &mut Tx<'_>, user: &User, now: Timestamp) -> Result<(), StoreError> {
    let account = DeletedAccount {
        user: user.id,
        account_digest: account_digest(user),
        email_digest: email_digest(&key(tx, now)?, user.email.key().as_str()),
        deleted_at: now,
    };
    remember(tx, &account)
}

/// Remembers a deleted account, unless it is remembered already.
pub(crate) fn remember(tx: &mut Tx<'_>, account: &DeletedAccount) -> Result<(), StoreError> {
    // diesel's ON CONFLICT does not compile for a MultiConnection.
    diesel::sql_query(
        "INSERT INTO deleted_accounts (account_digest, user_id, email_digest, deleted_at) \
         VALUES ($1, $2, $3, $4) ON CONFLICT (account_digest) DO NOTHING",
    )
    .bind::<Binary, _>(&account.account_digest)
    .bind::<BigInt, _>(account.user.get())
    .bind::<Binary, _>(&account.email_digest)
    .bind::<BigInt, _>(account.deleted_at.micros())
    .execute(&mut **tx)?;
    Ok(())
}

/// Up to `limit` deleted accounts after `last`, in the order of their digests.
pub fn page(
    conn: &mut Conn,
    last: Option<&DeletedAccount>,
    limit: i64,
) -> Result<Vec<DeletedAccount>, StoreError> {
    let after = last.map_or_else(Vec::new, |last| last.account_digest.clone());
    let page = dsl::deleted_accounts.filter(dsl::account_digest.gt(after)).order(dsl::account_digest);
    let rows: Vec<DeletedAccountColumns> =
        page.limit(limit).select(DeletedAccountColumns::as_select()).load(conn)?;
    Ok(rows.into_iter().map(DeletedAccount::from).collect())
}

/// When the last account with this address was deleted.
pub(crate) fn last_with_email(
    tx: &mut Tx<'_>,
    email: &Email,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let secret = key(tx, now)?;
    // Earlier versions fold some addresses in another way.
    let digests: Vec<Vec<u8>> = email.keys().iter().map(|key| email_digest(&secret, key.as_str())).collect();
    let last = dsl::deleted_accounts
        .filter(dsl::email_digest.eq_any(digests))
        .select(dsl::deleted_at)
        .order(dsl::deleted_at.desc());
    Ok(last.first::<i64>(&mut **tx).optional()?.map(Timestamp::from_micros))
}

/// Of each address, whether an account with it was deleted. A blank one is none.
pub(crate) fn are_deleted(
    tx: &mut Tx<'_>,
    emails: &[&Email],
    now: Timestamp,
) -> Result<Vec<bool>, StoreError> {
    let any = dsl::deleted_accounts.select(dsl::user_id).limit(1).load::<i64>(&mut **tx)?;
    if any.is_empty() {
        return Ok(vec![false; emails.len()]);
    }
    let secret = key(tx, now)?;
    let digests = |email: &&Email| {
        let keys = if email.as_str().is_empty() { Vec::new() } else { email.keys() };
        keys.iter().map(|key| email_digest(&secret, key.as_str())).collect::<Vec<_>>()
    };
    let digests: Vec<Vec<Vec<u8>>> = emails.iter().map(digests).collect();
    let all: Vec<&Vec<u8>> = digests.iter().flatten().collect();
    let rows = dsl::deleted_accounts.filter(dsl::email_digest.eq_any(all)).select(dsl::email_digest);
    let deleted: HashSet<Vec<u8>> = rows.load::<Vec<u8>>(&mut **tx)?.into_iter().collect();
    Ok(digests.iter().map(|digests| digests.iter().any(|digest| deleted.contains(digest))).collect())
}

/// Forgets at most `limit` accounts that were deleted before `before`; answers how many.
pub(crate) fn sweep(tx: &mut Tx<'_>, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
    let skip_locked = dialect::skip_locked(tx);
    let sweep = format!(
        "DELETE FROM deleted_accounts WHERE account_digest IN (SELECT account_digest FROM deleted_accounts \
         WHERE deleted_at < $1 ORDER BY deleted_at LIMIT $2 {skip_locked})"
    );
    let done = diesel::sql_query(sweep)
        .bind::<BigInt, _>(before.micros())
        .bind::<BigInt, _>(i64::try_from(limit).unwrap_or(i64::MAX));
    Ok(done.execute(&mut **tx)?)
}

/// Moves the deletions that were stored after `latest` to `now`: a clock that was ahead wrote them.
pub(crate) fn correct_future(
    tx: &mut Tx<'_>,
    latest: Timestamp,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let future = dsl::deleted_accounts.filter(dsl::deleted_at.gt(latest.micros()));
    Ok(diesel::update(future).set(dsl::deleted_at.eq(now.micros())).execute(&mut **tx)?)
}

fn key(tx: &mut Tx<'_>, now: Timestamp) -> Result<Vec<u8>, StoreError> {
    secrets::get_or_create(tx, SECRET, SECRET_LENGTH, now)
}

/// Without a key, so that it is the same in every backup: the moment, to the microsecond, is no personal data.
fn account_digest(user: &User) -> Vec<u8> {
    let mut hash = Canonical::default();
    hash.text("doorward deleted account 1");
    hash.number(user.id.get());
    hash.number(user.created_at.micros());
    hash.finish().to_vec()
}

/// With a key: addresses can be guessed.
fn email_digest(secret: &[u8], email_key: &str) -> Vec<u8> {
    let mut hash = Canonical::default();
    hash.text("doorward deleted address 1");
    hash.bytes(secret);
    hash.text(email_key);
    hash.finish().to_vec()
}
