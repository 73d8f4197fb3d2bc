//! Table `one_time_keys`: the keys of links that work once, as hashes, each for one purpose and bound to a
//! user, an address, or both. `accounts` checks whether the user still has the address.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::one_time_keys;
use crate::store::engine::schema::one_time_keys::dsl;
use crate::types::{Email, EmailKey, Link, OneTimeKey, Timestamp, UserId};

/// A key to issue.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// What it is for.
    pub purpose: Link,
    /// The user it is bound to.
    pub user: Option<UserId>,
    /// The address it is bound to and sent to.
    pub email: Option<Email>,
    /// When it expires.
    pub expires: Timestamp,
}

/// What a valid key is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumedKey {
    /// The user.
    pub user: Option<UserId>,
    /// The address.
    pub email: Option<Email>,
    /// When it was issued.
    pub created: Timestamp,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = one_time_keys)]
struct KeyRow {
    user_id: Option<i64>,
    email: Option<String>,
    created_at: i64,
}

#[derive(Insertable)]
#[diesel(table_name = one_time_keys)]
struct NewKeyRow<'a> {
    key_hash: &'a [u8],
    purpose: &'static str,
    created_at: i64,
    expires_at: i64,
    user_id: Option<i64>,
    email: Option<&'a str>,
    email_key: Option<&'a str>,
}

impl From<KeyRow> for ConsumedKey {
    fn from(row: KeyRow) -> Self {
        Self {
            user: row.user_id.map(UserId::new),
            email: row.email.map(Email::from_stored),
            created: Timestamp::from_micros(row.created_at),
        }
    }
}

/// Locks the keys of `purpose` until the transaction ends: for consuming one, and for replacing all by one,
/// where there is no user to lock.
pub fn lock(tx: &mut Tx<'_>, purpose: Link) -> Result<(), StoreError> {
    dialect::lock(tx, &[format!("one-time-keys:{}", purpose.as_str())])
}

/// Issues a key, and deletes the expired ones and the oldest ones of the same purpose, user and address, so
/// that `Link::most_at_once` are left. The caller has locked the user.
///
/// # Errors
/// Also if there is no such user.
pub fn issue(tx: &mut Tx<'_>, new: &NewKey, now: Timestamp) -> Result<OneTimeKey, StoreError> {
    sweep(tx, now)?;
    if let (Link::UndoEmail, Some(email)) = (new.purpose, &new.email) {
        lock_addresses(tx, &[email])?;
    }
    delete_earlier(tx, new)?;
    let key = OneTimeKey::random();
    let email_key = new.email.as_ref().map(Email::key);
    let row = NewKeyRow {
        key_hash: &key.hash(),
        purpose: new.purpose.as_str(),
        created_at: now.micros(),
        expires_at: new.expires.micros(),
        user_id: new.user.map(UserId::get),
        email: new.email.as_ref().map(Email::as_str),
        email_key: email_key.as_ref().map(EmailKey::as_str),
    };
    diesel::insert_into(one_time_keys::table).values(row).execute(&mut **tx)?;
    Ok(key)
}

fn delete_earlier(tx: &mut Tx<'_>, new: &NewKey) -> Result<(), StoreError> {
    let email = new.email.as_ref().map(Email::key);
    let mut same = dsl::one_time_keys
        .filter(dsl::purpose.eq(new.purpose.as_str()))
        .order((dsl::created_at.desc(), dsl::key_hash))
        .select(dsl::key_hash)
        .into_boxed();
    same = match new.user {
        Some(id) => same.filter(dsl::user_id.eq(id.get())),
        None => same.filter(dsl::user_id.is_null()),
    };
    same = match &email {
        Some(email) => same.filter(dsl::email_key.eq(email.as_str())),
        None => same.filter(dsl::email_key.is_null()),
    };
    let earlier: Vec<Vec<u8>> = same.load(&mut **tx)?;
    let kept = new.purpose.most_at_once().saturating_sub(1);
    for key in earlier.into_iter().skip(kept) {
        diesel::delete(dsl::one_time_keys.find(key)).execute(&mut **tx)?;
    }
    Ok(())
}

/// Whether a valid [`Link::UndoEmail`] key of another user than `except` reserves this address. Otherwise
/// the thief of an account could register with the owner's old address and keep the owner from restoring
/// it. Locks the address, as issuing such a key does.
pub fn is_reserved(
    tx: &mut Tx<'_>,
    key: &EmailKey,
    except: Option<UserId>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    dialect::lock(tx, &[lock_name(key)])?;
    let users = dsl::one_time_keys
        .filter(dsl::email_key.eq(key.as_str()))
        .filter(dsl::purpose.eq(Link::UndoEmail.as_str()))
        .filter(dsl::expires_at.gt(now.micros()))
        .select(dsl::user_id)
        .load::<Option<i64>>(&mut **tx)?;
    Ok(users.into_iter().any(|user| user != except.map(UserId::get)))
}

/// Locks the reservations of these addresses until the transaction ends.
pub fn lock_addresses(tx: &mut Tx<'_>, emails: &[&Email]) -> Result<(), StoreError> {
    let names: Vec<String> = emails.iter().map(|email| lock_name(&email.key())).collect();
    dialect::lock(tx, &names)
}

fn lock_name(key: &EmailKey) -> String {
    format!("address:{}", key.as_str())
}

/// What `key` is bound to, if it is for `purpose` and has not expired. Does not consume it.
pub fn find(
    conn: &mut Conn,
    key: &OneTimeKey,
    purpose: Link,
    now: Timestamp,
) -> Result<Option<ConsumedKey>, StoreError> {
    let bound = dsl::one_time_keys
        .find(key.hash().to_vec())
        .filter(dsl::purpose.eq(purpose.as_str()))
        .filter(dsl::expires_at.gt(now.micros()))
        .select(KeyRow::as_select())
        .get_result(conn);
    Ok(bound.optional()?.map(ConsumedKey::from))
}

/// Consumes a key as [`find`] finds it: of two transactions at once, one gets it.
pub fn consume(
    tx: &mut Tx<'_>,
    key: &OneTimeKey,
    purpose: Link,
    now: Timestamp,
) -> Result<Option<ConsumedKey>, StoreError> {
    let valid = dsl::one_time_keys
        .filter(dsl::key_hash.eq(key.hash().to_vec()))
        .filter(dsl::purpose.eq(purpose.as_str()))
        .filter(dsl::expires_at.gt(now.micros()));
    // `KeyRow::as_returning()` does not compile for a MultiConnection.
    let consumed = diesel::delete(valid)
        .returning((dsl::user_id, dsl::email, dsl::created_at))
        .get_result::<KeyRow>(&mut **tx);
    Ok(consumed.optional()?.map(ConsumedKey::from))
}

/// Deletes every key of a purpose.
pub fn remove_all(tx: &mut Tx<'_>, purpose: Link) -> Result<(), StoreError> {
    diesel::delete(dsl::one_time_keys.filter(dsl::purpose.eq(purpose.as_str()))).execute(&mut **tx)?;
    Ok(())
}

/// Deletes a user's keys of a purpose that were issued at `since` or later.
pub fn remove_all_of_user(
    tx: &mut Tx<'_>,
    user: UserId,
    purpose: Link,
    since: Timestamp,
) -> Result<(), StoreError> {
    let keys = dsl::one_time_keys
        .filter(dsl::user_id.eq(user.get()))
        .filter(dsl::purpose.eq(purpose.as_str()))
        .filter(dsl::created_at.ge(since.micros()));
    diesel::delete(keys).execute(&mut **tx)?;
    Ok(())
}

/// An open invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The invited address.
    pub email: Email,
    /// When it was issued.
    pub created: Timestamp,
    /// When it expires.
    pub expires: Timestamp,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = one_time_keys)]
struct InvitationRow {
    email: Option<String>,
    created_at: i64,
    expires_at: i64,
}

impl InvitationRow {
    /// `None` without an address, which every invitation has.
    fn into_invitation(self) -> Option<Invitation> {
        Some(Invitation {
            email: Email::from_stored(self.email?),
            created: Timestamp::from_micros(self.created_at),
            expires: Timestamp::from_micros(self.expires_at),
        })
    }
}

/// The open invitation of an address.
pub fn invitation(conn: &mut Conn, email: &Email, now: Timestamp) -> Result<Option<Invitation>, StoreError> {
    let invitation = dsl::one_time_keys
        .filter(dsl::purpose.eq(Link::Invite.as_str()))
        .filter(dsl::email_key.eq(email.key().as_str().to_owned()))
        .filter(dsl::expires_at.gt(now.micros()))
        .select(InvitationRow::as_select());
    let stored = invitation.first(conn).optional()?.and_then(InvitationRow::into_invitation);
    // In the letter case of the caller.
    Ok(stored.map(|invitation| Invitation { email: email.clone(), ..invitation }))
}

/// Up to `limit` open invitations after an address, by address.
pub fn invitations(
    conn: &mut Conn,
    after: &EmailKey,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Invitation>, StoreError> {
    let open = dsl::one_time_keys
        .filter(dsl::purpose.eq(Link::Invite.as_str()))
        .filter(dsl::email_key.gt(after.as_str()))
        .filter(dsl::expires_at.gt(now.micros()))
        .order(dsl::email_key)
        .select(InvitationRow::as_select())
        .limit(limit)
        .load(conn)?;
    Ok(open.into_iter().filter_map(InvitationRow::into_invitation).collect())
}

/// Deletes the open invitation of an address; answers whether there was one.
pub fn withdraw(tx: &mut Tx<'_>, email: &Email, now: Timestamp) -> Result<bool, StoreError> {
    let invitation = dsl::one_time_keys
        .filter(dsl::purpose.eq(Link::Invite.as_str()))
        .filter(dsl::email_key.eq(email.key().as_str().to_owned()))
        .filter(dsl::expires_at.gt(now.micros()));
    Ok(diesel::delete(invitation).execute(&mut **tx)? > 0)
}

/// Moves the keys that were issued after `latest` to `now`: a clock that was ahead issued them, and they would
/// outlive their time.
pub(crate) fn correct_future(
    tx: &mut Tx<'_>,
    latest: Timestamp,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let future = dsl::one_time_keys.filter(dsl::created_at.gt(latest.micros()));
    let expires_at = dsl::expires_at - dsl::created_at + now.micros();
    let moved =
        diesel::update(future).set((dsl::expires_at.eq(expires_at), dsl::created_at.eq(now.micros())));
    Ok(moved.execute(&mut **tx)?)
}

/// Deletes the expired keys; answers how many.
pub fn sweep(tx: &mut Tx<'_>, now: Timestamp) -> Result<usize, StoreError> {
    let skip_locked = dialect::skip_locked(tx);
    let sweep = format!(
        "DELETE FROM one_time_keys WHERE key_hash IN \
         (SELECT key_hash FROM one_time_keys WHERE expires_at <= $1 {skip_locked})"
    );
    Ok(diesel::sql_query(sweep).bind::<BigInt, _>(now.micros()).execute(&mut **tx)?)
}
