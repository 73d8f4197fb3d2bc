//! Table `one_time_keys`: links that work once, kept as hashes, each for one purpose and bound to
//! an account, an address, or both. Whether the account still has the address, `accounts` asks.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::one_time_keys::dsl;
pub use crate::types::Link as Purpose;
use crate::types::{Email, EmailKey, OneTimeKey, Timestamp, UserId};

/// A key to make.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// What it opens.
    pub purpose: Purpose,
    /// Whose it is.
    pub user: Option<UserId>,
    /// Which address it goes to.
    pub email: Option<Email>,
    /// From when on it opens nothing.
    pub expires: Timestamp,
}

/// What a good key is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumedKey {
    /// Whose it is.
    pub user: Option<UserId>,
    /// Which address it went to.
    pub email: Option<Email>,
    /// When it was made.
    pub created: Timestamp,
}

type KeyColumns = (Option<i64>, Option<String>, i64);

impl From<KeyColumns> for ConsumedKey {
    fn from((user, email, created): KeyColumns) -> Self {
        Self {
            user: user.map(UserId::new),
            email: email.map(Email::from_stored),
            created: Timestamp::from_micros(created),
        }
    }
}

/// Keeps others from the keys of `purpose` until the transaction ends: for spending one, and for
/// making one the only one, where there is no user to hold.
pub fn lock(tx: &mut Tx<'_>, purpose: Purpose) -> Result<(), StoreError> {
    dialect::lock(tx, &[format!("one-time-keys:{}", purpose.as_str())])
}

/// Makes a key, and drops the earlier ones of the same purpose, user and address; forgets what has
/// expired. Of several at once for one user, the caller holds the user (`users::hold`).
///
/// # Errors
/// If there is no such user, or the database fails.
pub fn issue(tx: &mut Tx<'_>, new: &NewKey, now: Timestamp) -> Result<OneTimeKey, StoreError> {
    sweep(tx, now)?;
    if let (Purpose::UndoEmail, Some(email)) = (new.purpose, &new.email) {
        lock_addresses(tx, &[email])?;
    }
    drop_earlier(tx, new)?;
    let key = OneTimeKey::random();
    diesel::insert_into(dsl::one_time_keys)
        .values((
            dsl::key_hash.eq(key.hash().to_vec()),
            dsl::purpose.eq(new.purpose.as_str()),
            dsl::created_at.eq(now.micros()),
            dsl::expires_at.eq(new.expires.micros()),
            dsl::user_id.eq(new.user.map(UserId::get)),
            dsl::email.eq(new.email.as_ref().map(Email::as_str)),
            dsl::email_key.eq(new.email.as_ref().map(|email| email.key().as_str().to_owned())),
        ))
        .execute(&mut **tx)?;
    Ok(key)
}

fn drop_earlier(tx: &mut Tx<'_>, new: &NewKey) -> Result<(), StoreError> {
    let same = dsl::one_time_keys.filter(dsl::purpose.eq(new.purpose.as_str()));
    let email = new.email.as_ref().map(Email::key);
    match (new.user, email.as_ref().map(EmailKey::as_str)) {
        (Some(id), Some(email)) => {
            diesel::delete(same.filter(dsl::user_id.eq(id.get())).filter(dsl::email_key.eq(email)))
                .execute(&mut **tx)
        }
        (Some(id), None) => {
            diesel::delete(same.filter(dsl::user_id.eq(id.get())).filter(dsl::email_key.is_null()))
                .execute(&mut **tx)
        }
        (None, Some(email)) => {
            diesel::delete(same.filter(dsl::user_id.is_null()).filter(dsl::email_key.eq(email)))
                .execute(&mut **tx)
        }
        (None, None) => diesel::delete(same.filter(dsl::user_id.is_null()).filter(dsl::email_key.is_null()))
            .execute(&mut **tx),
    }?;
    Ok(())
}

/// Whether a good [`Purpose::UndoEmail`] of another user than `except` can give this address back.
/// Until then it is nobody else's: whoever takes over an account could else keep its owner from it by
/// registering with their address. Who asks, and who issues such a key, waits for the other.
pub fn reserves(
    tx: &mut Tx<'_>,
    email: &Email,
    except: Option<UserId>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    lock_addresses(tx, &[email])?;
    let users = dsl::one_time_keys
        .filter(dsl::email_key.eq(email.key().as_str()))
        .filter(dsl::purpose.eq(Purpose::UndoEmail.as_str()))
        .filter(dsl::expires_at.gt(now.micros()))
        .select(dsl::user_id)
        .load::<Option<i64>>(&mut **tx)?;
    Ok(users.into_iter().any(|user| user != except.map(UserId::get)))
}

/// Keeps others from reserving these addresses, and from asking whether they are reserved, until the
/// transaction ends.
pub fn lock_addresses(tx: &mut Tx<'_>, emails: &[&Email]) -> Result<(), StoreError> {
    let names: Vec<String> = emails.iter().map(|email| format!("address:{}", email.key().as_str())).collect();
    dialect::lock(tx, &names)
}

/// What `key` is bound to, if it is known, serves `purpose`, and has not expired. Spends nothing.
pub fn find(
    conn: &mut Conn,
    key: &OneTimeKey,
    purpose: Purpose,
    now: Timestamp,
) -> Result<Option<ConsumedKey>, StoreError> {
    let found = dsl::one_time_keys
        .find(key.hash().to_vec())
        .filter(dsl::purpose.eq(purpose.as_str()))
        .filter(dsl::expires_at.gt(now.micros()))
        .select((dsl::user_id, dsl::email, dsl::created_at))
        .get_result::<KeyColumns>(conn);
    Ok(found.optional()?.map(ConsumedKey::from))
}

/// The same, and spends the key: of two at once, one gets it.
pub fn take(
    tx: &mut Tx<'_>,
    key: &OneTimeKey,
    purpose: Purpose,
    now: Timestamp,
) -> Result<Option<ConsumedKey>, StoreError> {
    let good = dsl::one_time_keys
        .filter(dsl::key_hash.eq(key.hash().to_vec()))
        .filter(dsl::purpose.eq(purpose.as_str()))
        .filter(dsl::expires_at.gt(now.micros()));
    let taken = diesel::delete(good)
        .returning((dsl::user_id, dsl::email, dsl::created_at))
        .get_result::<KeyColumns>(&mut **tx);
    Ok(taken.optional()?.map(ConsumedKey::from))
}

/// Drops every key of a purpose.
pub fn remove_all(tx: &mut Tx<'_>, purpose: Purpose) -> Result<(), StoreError> {
    diesel::delete(dsl::one_time_keys.filter(dsl::purpose.eq(purpose.as_str()))).execute(&mut **tx)?;
    Ok(())
}

/// Drops a user's keys of a purpose, made at `since` or later.
pub fn remove_of(
    tx: &mut Tx<'_>,
    user: UserId,
    purpose: Purpose,
    since: Timestamp,
) -> Result<(), StoreError> {
    let theirs = dsl::one_time_keys
        .filter(dsl::user_id.eq(user.get()))
        .filter(dsl::purpose.eq(purpose.as_str()))
        .filter(dsl::created_at.ge(since.micros()));
    diesel::delete(theirs).execute(&mut **tx)?;
    Ok(())
}

/// An invitation that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Which address it went to.
    pub email: Email,
    /// When it was made.
    pub created: Timestamp,
    /// From when on it opens nothing.
    pub expires: Timestamp,
}

/// The invitation of an address, if it is open.
pub fn invitation(conn: &mut Conn, email: &Email, now: Timestamp) -> Result<Option<Invitation>, StoreError> {
    let theirs = dsl::one_time_keys
        .filter(dsl::purpose.eq(Purpose::Invite.as_str()))
        .filter(dsl::email_key.eq(email.key().as_str().to_owned()))
        .filter(dsl::expires_at.gt(now.micros()))
        .select((dsl::created_at, dsl::expires_at));
    let found = theirs.first::<(i64, i64)>(conn).optional()?;
    Ok(found.map(|(created, expires)| Invitation {
        email: email.clone(),
        created: Timestamp::from_micros(created),
        expires: Timestamp::from_micros(expires),
    }))
}

/// Up to `limit` invitations that are open, by address, after this one.
pub fn invitations(
    conn: &mut Conn,
    after: &EmailKey,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Invitation>, StoreError> {
    let open = dsl::one_time_keys
        .filter(dsl::purpose.eq(Purpose::Invite.as_str()))
        .filter(dsl::email_key.gt(after.as_str()))
        .filter(dsl::expires_at.gt(now.micros()))
        .order(dsl::email_key)
        .select((dsl::email, dsl::created_at, dsl::expires_at))
        .limit(limit)
        .load::<(Option<String>, i64, i64)>(conn)?;
    let invitation = |(email, created, expires): (Option<String>, i64, i64)| {
        Some(Invitation {
            email: Email::from_stored(email?),
            created: Timestamp::from_micros(created),
            expires: Timestamp::from_micros(expires),
        })
    };
    Ok(open.into_iter().filter_map(invitation).collect())
}

/// Drops the invitation of an address; answers whether there was one that is open.
pub fn withdraw(tx: &mut Tx<'_>, email: &Email, now: Timestamp) -> Result<bool, StoreError> {
    let theirs = dsl::one_time_keys
        .filter(dsl::purpose.eq(Purpose::Invite.as_str()))
        .filter(dsl::email_key.eq(email.key().as_str().to_owned()))
        .filter(dsl::expires_at.gt(now.micros()));
    Ok(diesel::delete(theirs).execute(&mut **tx)? > 0)
}

/// Forgets what has expired.
pub fn sweep(tx: &mut Tx<'_>, now: Timestamp) -> Result<usize, StoreError> {
    let rest = dialect::skip_locked(tx);
    let sweep = format!(
        "DELETE FROM one_time_keys WHERE key_hash IN \
         (SELECT key_hash FROM one_time_keys WHERE expires_at <= $1 {rest})"
    );
    Ok(diesel::sql_query(sweep).bind::<BigInt, _>(now.micros()).execute(&mut **tx)?)
}
