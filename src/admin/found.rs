//! The user that a page is about, and how they were seen by whoever sends its form.

use crate::accounts::{AccountError, Target};
use crate::app::App;
use crate::html::{Form, PageError};
use crate::store::users;
use crate::texts::Lang;
use crate::types::{Email, Timestamp, User, UserId};

/// The field that tells which state of the account was seen.
pub const SEEN: &str = "seen";

/// The field that tells which address was seen, where a form is about that.
pub const ADDRESS: &str = "address";

/// The user with the number in the URL.
///
/// # Errors
/// [`PageError::NotFound`] if there is none; if the store fails.
pub async fn user(app: &App, id: i64) -> Result<User, PageError> {
    app.store.read(move |conn| users::by_id(conn, UserId::new(id))).await?.ok_or(PageError::NotFound)
}

/// The page of a user.
pub fn page_of(id: UserId) -> String {
    format!("/admin/users/{id}")
}

/// The hidden field of a form about a user as they are now.
pub fn seen(user: &User) -> (&'static str, String) {
    (SEEN, user.updated_at.micros().to_string())
}

/// The user of a form, as they were when it was shown.
pub fn as_seen(form: &Form, id: UserId) -> Target {
    match form.get(SEEN).parse() {
        Ok(micros) => Target::as_of(id, Timestamp::from_micros(micros)),
        Err(_) => id.into(),
    }
}

/// The user of a form about their address, as it was when it was shown.
pub fn at_address(form: &Form, id: UserId) -> Target {
    match form.get(ADDRESS) {
        "" => id.into(),
        address => Target::at(id, Email::from_stored(address.to_owned())),
    }
}

/// What stands against a change, for above its form.
///
/// # Errors
/// What no form can mend.
pub fn objection(t: Lang, error: AccountError) -> Result<String, PageError> {
    match error {
        AccountError::LastAdministrator => Ok(t.last_administrator().to_owned()),
        AccountError::Changed => Ok(t.changed_meanwhile().to_owned()),
        error => Err(error.into()),
    }
}
