//! A user to import; who has its id, its name and its address already; and under which keys it is stored.

use std::collections::HashMap;

use diesel::prelude::*;
use thiserror::Error;

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::users::dsl;
use crate::types::{
    Attributes, Email, EmailKey, PasswordHash, PublicId, Timestamp, UserId, Username, UsernameKey,
};

/// A user as the other server has it.
#[derive(Clone, Debug)]
pub struct ImportedUser {
    /// The id that clients know. An integer is kept as the number of the row.
    pub id: PublicId,
    /// The name: any text but a blank one.
    pub username: Username,
    /// The address: any text, or a blank one.
    pub email: Email,
    /// The hash of the password, in Django's encoding.
    pub password_hash: PasswordHash,
    /// See [`crate::types::User::is_email_confirmed`].
    pub is_email_confirmed: bool,
    /// See [`crate::types::User::is_active`].
    pub is_active: bool,
    /// See [`crate::types::User::is_admin`].
    pub is_admin: bool,
    /// When the account was created.
    pub created_at: Timestamp,
    /// The last successful login.
    pub last_login_at: Option<Timestamp>,
    /// What there is no column for.
    pub attributes: Attributes,
    /// The names of the groups: any texts but blank ones. Groups that do not exist are made.
    pub groups: Vec<String>,
}

/// Why a user was not written. No message has a value of the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ImportRefusal {
    /// A value that cannot be stored.
    #[error("{0}")]
    Unusable(&'static str),
    /// Another user has the id.
    #[error("another user has this id")]
    IdTaken(UserId),
    /// Another user has exactly this name.
    #[error("another user has this username")]
    UsernameTaken(UserId),
    /// Another user has this address, in some spelling.
    #[error("another user has this email address")]
    EmailTaken(UserId),
}

/// Who has the ids, names and addresses of some users.
#[derive(Default)]
pub(super) struct Taken {
    ids: HashMap<PublicId, UserId>,
    /// By the column `username_key`.
    keys: HashMap<String, UserId>,
    /// By the exact key, whether it is in the column or not.
    names: HashMap<String, UserId>,
    /// By the column `email_key`.
    emails: HashMap<String, UserId>,
}

/// The keys of a user to write.
pub(super) struct Keys {
    pub(super) username: String,
    pub(super) email: String,
}

impl Taken {
    pub(super) fn load(conn: &mut Conn, chunk: &[ImportedUser]) -> Result<Self, StoreError> {
        let mut taken = Self::default();
        let ids: Vec<&PublicId> = chunk.iter().map(|user| &user.id).collect();
        for (id, text) in rows_with_ids(conn, &ids)? {
            taken.claim_id(text.map(PublicId::Text), id);
        }
        let (mut keys, mut email_keys) = (Vec::new(), Vec::new());
        for user in chunk {
            keys.extend(user.username.keys().into_iter().chain([user.username.exact_key()]));
            email_keys.extend(user.email.keys());
        }
        let keys: Vec<&str> = keys.iter().map(UsernameKey::as_str).collect();
        let named = dsl::users.filter(dsl::username_key.eq_any(keys));
        let named = named.select((dsl::username_key, dsl::username, dsl::id));
        for (key, name, id) in named.load::<(String, String, i64)>(conn)? {
            let (id, exact) = (UserId::new(id), UsernameKey::exact(&name));
            taken.names.insert(exact.as_str().to_owned(), id);
            taken.keys.insert(key, id);
        }
        let email_keys: Vec<&str> = email_keys.iter().map(EmailKey::as_str).collect();
        let addressed = dsl::users.filter(dsl::email_key.eq_any(email_keys));
        for (key, id) in addressed.select((dsl::email_key, dsl::id)).load::<(String, i64)>(conn)? {
            taken.emails.insert(key, UserId::new(id));
        }
        Ok(taken)
    }

    /// A user does not clash with itself.
    pub(super) fn forget(&mut self, id: UserId) {
        for names in [&mut self.keys, &mut self.names, &mut self.emails] {
            names.retain(|_, other| *other != id);
        }
    }

    /// The number of a row is taken, too, where clients know another id.
    fn claim_id(&mut self, id: Option<PublicId>, number: UserId) {
        self.ids.insert(PublicId::Integer(number), number);
        self.ids.extend(id.map(|id| (id, number)));
    }

    /// Claims id, name and address for a user, or says who has one of them.
    pub(super) fn claim(&mut self, user: &ImportedUser, number: UserId) -> Result<Keys, ImportRefusal> {
        if let Some(other) = self.ids.get(&user.id) {
            return Err(ImportRefusal::IdTaken(*other));
        }
        let keys = self.claim_keys(user, number)?;
        self.claim_id(Some(user.id.clone()), number);
        Ok(keys)
    }

    /// Of names that differ by letter case alone, the later ones get an exact key.
    pub(super) fn claim_keys(&mut self, user: &ImportedUser, number: UserId) -> Result<Keys, ImportRefusal> {
        if let Some(other) = user.email.keys().iter().find_map(|key| self.emails.get(key.as_str())) {
            return Err(ImportRefusal::EmailTaken(*other));
        }
        let exact = user.username.exact_key().as_str().to_owned();
        if let Some(other) = self.names.get(&exact) {
            return Err(ImportRefusal::UsernameTaken(*other));
        }
        let has_twin = user.username.keys().iter().any(|key| self.keys.contains_key(key.as_str()));
        let username = if has_twin { exact.clone() } else { user.username.key().as_str().to_owned() };
        self.keys.insert(username.clone(), number);
        self.names.insert(exact, number);
        let email = user.email.key().as_str().to_owned();
        if !email.is_empty() {
            self.emails.insert(email.clone(), number);
        }
        Ok(Keys { username, email })
    }
}

/// The rows with these ids: each with its number, and the id that clients know, if it is a text.
pub(super) fn rows_with_ids(
    conn: &mut Conn,
    ids: &[&PublicId],
) -> Result<Vec<(UserId, Option<String>)>, StoreError> {
    let (mut numbers, mut texts) = (Vec::new(), Vec::new());
    for id in ids {
        match id {
            PublicId::Integer(id) => numbers.push(id.get()),
            PublicId::Text(text) => texts.push(text.as_str()),
        }
    }
    let columns = (dsl::id, dsl::public_id);
    let mut rows: Vec<(i64, Option<String>)> = Vec::new();
    if !numbers.is_empty() {
        rows.extend(dsl::users.filter(dsl::id.eq_any(numbers)).select(columns).load(conn)?);
    }
    if !texts.is_empty() {
        rows.extend(dsl::users.filter(dsl::public_id.eq_any(texts)).select(columns).load(conn)?);
    }
    Ok(rows.into_iter().map(|(id, text)| (UserId::new(id), text)).collect())
}
