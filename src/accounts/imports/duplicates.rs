//! What happens to a user whose name or address another user has.

use serde_json::Value;

use crate::accounts::imports::options::OnDuplicate;
use crate::store::tables::imports;
use crate::store::tables::users;
use crate::store::tables::users::{ImportRefusal, ImportedUser, update_imported};
use crate::store::{StoreError, Tx};
use crate::types::{Attributes, Email, Timestamp, UserId, Username};

/// The attribute with an address that another user has.
pub(crate) const DUPLICATE_EMAIL: &str = "duplicate_email";

/// The highest suffix that is tried.
const MOST: u32 = 99;

/// A user that was written, and what was changed of it.
pub(super) struct Resolved {
    pub user: UserId,
    /// What the report says.
    pub note: &'static str,
}

/// Writes a user; answers who it is.
pub(super) type WriteUser<'a> = &'a mut dyn FnMut(&mut Tx<'_>, &ImportedUser) -> WriteOutcome;

/// The user, or why the store refused it.
type WriteOutcome = Result<Result<UserId, ImportRefusal>, StoreError>;

/// Writes a user that was refused, in the way that the policy says.
///
/// # Errors
/// The refusal, if the policy does not help.
pub(super) fn resolve(
    tx: &mut Tx<'_>,
    user: &ImportedUser,
    refusal: ImportRefusal,
    policy: OnDuplicate,
    now: Timestamp,
    write: WriteUser<'_>,
) -> Result<Result<Resolved, ImportRefusal>, StoreError> {
    if policy == OnDuplicate::Report {
        return Ok(Err(refusal));
    }
    let (mut user, mut refusal, mut suffix) = (user.clone(), refusal, 1);
    let name = user.username.as_str().to_owned();
    loop {
        let other = match refusal {
            ImportRefusal::UsernameTaken(other) | ImportRefusal::EmailTaken(other) => other,
            ImportRefusal::IdTaken(_) | ImportRefusal::Unusable(_) => return Ok(Err(refusal)),
        };
        let is_newer = policy == OnDuplicate::NewestLogin && give_way(tx, other, &user, refusal, now)?;
        let note = if is_newer {
            "another imported user had this username or address, and the login here is newer: the other gave way"
        } else if matches!(refusal, ImportRefusal::EmailTaken(_)) {
            without_email(&mut user);
            "another user has this address: imported without one"
        } else {
            suffix += 1;
            if suffix > MOST {
                return Ok(Err(refusal));
            }
            user.username = Username::from_stored(format!("{name}-{suffix}"));
            "another user has this username: imported with a suffix"
        };
        match write(tx, &user)? {
            Ok(id) => return Ok(Ok(Resolved { user: id, note })),
            Err(next) if is_newer && next == refusal => return Ok(Err(next)),
            Err(next) => refusal = next,
        }
    }
}

/// Takes the name or the address from a user who was imported as well and whose last login is older; answers
/// whether it did.
fn give_way(
    tx: &mut Tx<'_>,
    other: UserId,
    user: &ImportedUser,
    refusal: ImportRefusal,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(row) = imports::by_user(tx, other)? else { return Ok(false) };
    let before = UserId::new(other.get() - 1);
    let Some((id, mut loser)) = users::imported(tx, before, 1)?.pop() else { return Ok(false) };
    if id != other || user.last_login_at <= loser.last_login_at {
        return Ok(false);
    }
    let name = loser.username.as_str().to_owned();
    for suffix in 2..=MOST {
        match refusal {
            ImportRefusal::EmailTaken(_) => without_email(&mut loser),
            _ => loser.username = Username::from_stored(format!("{name}-{suffix}")),
        }
        if update_imported(tx, other, &loser, now)?.is_ok() {
            imports::touch_row(tx, row.id, now)?;
            return Ok(true);
        }
    }
    Ok(false)
}

fn without_email(user: &mut ImportedUser) {
    let mut attributes = user.attributes.as_map().clone();
    attributes.insert(DUPLICATE_EMAIL.to_owned(), Value::String(user.email.as_str().to_owned()));
    user.attributes = Attributes::from(attributes);
    user.email = Email::from_stored(String::new());
    user.is_email_confirmed = false;
}
