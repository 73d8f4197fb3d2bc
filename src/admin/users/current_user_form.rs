//! The user that a page is about, and how they were seen by whoever sends its form.

use actix_web::HttpResponse;

use crate::accounts::{self, AccountError, UserRef};
use crate::app::App;
use crate::store::tables::users;
use crate::types::{Email, Timestamp, User, UserId};
use crate::web::flash::{Done, Flash};
use crate::web::form_page::FormPage;
use crate::web::layout::see_other;
use crate::web::session::cookies;
use crate::web::session::guard::Administrator;
use crate::web::{PageError, PageForm};

/// The field that tells which state of the account was seen.
pub(crate) const SEEN: &str = "seen";

/// The field that tells which address was seen, where a form is about that.
pub(crate) const ADDRESS: &str = "address";

/// The user with the number in the URL.
///
/// # Errors
/// [`PageError::NotFound`] if there is none; if the store fails.
pub(crate) async fn user(app: &App, id: i64) -> Result<User, PageError> {
    app.store.read(move |conn| users::by_id(conn, UserId::new(id))).await?.ok_or(PageError::NotFound)
}

/// The page of a user.
pub(crate) fn page_of(id: UserId) -> String {
    format!("/admin/users/{id}")
}

/// The hidden field of a form about a user as they are now.
pub(crate) fn seen(user: &User) -> (&'static str, String) {
    (SEEN, user.updated_at.micros().to_string())
}

/// The user of a form, as they were when it was shown.
pub(crate) fn as_seen(form: &PageForm, id: UserId) -> UserRef {
    match form.get(SEEN).parse() {
        Ok(micros) => UserRef::if_unchanged_since(id, Timestamp::from_micros(micros)),
        Err(_) => id.into(),
    }
}

/// The user of a form about their address, as it was when it was shown.
pub(crate) fn at_address(form: &PageForm, id: UserId) -> UserRef {
    match form.get(ADDRESS) {
        "" => id.into(),
        address => UserRef::if_email_is(id, Email::from_stored(address.to_owned())),
    }
}

/// The form that takes an administrator away; about the last one it says that this cannot be, and what to
/// do first.
pub(crate) async fn show_unless_last(
    app: &App,
    admin: &Administrator,
    user: &User,
    page: FormPage,
) -> Result<HttpResponse, PageError> {
    if !accounts::is_last_administrator(app, user).await? {
        return Ok(page.show(admin));
    }
    let mut page = page.closed();
    page.warning = Some(admin.t.last_administrator().into());
    Ok(page.show(admin))
}

/// The answer to a form about a user: to their page with what was done, or the form once more, about the
/// user as they are by now, with what stands against it.
///
/// # Errors
/// What no form can mend.
pub(crate) async fn answer(
    app: &App,
    admin: &Administrator,
    id: UserId,
    outcome: Result<User, AccountError>,
    done: Done,
    form: impl FnOnce(&User) -> FormPage,
) -> Result<HttpResponse, PageError> {
    match outcome {
        Ok(user) => Ok(go_on(admin, &user, &page_of(id), done)),
        Err(error) => refusal(app, admin, id, error, form).await,
    }
}

/// On to `path` with what was done; whoever shut themselves out is told so where they could sign in.
pub(crate) fn go_on(admin: &Administrator, user: &User, path: &str, done: Done) -> HttpResponse {
    let sign_in = match done {
        Done::Deactivated | Done::AdminRevoked | Done::Deleted => Some("/admin/sign-in?left=1"),
        Done::PasswordSet => Some("/admin/sign-in?again=1"),
        _ => None,
    };
    if let Some(sign_in) = sign_in.filter(|_| user.id == admin.user.id) {
        return see_other(sign_in).cookie(cookies::without_session(admin.is_https)).finish();
    }
    admin.go_on(path, &Flash::One(done, user.username.to_string()))
}

/// The form once more, about the user as they are by now, with what stands against it.
///
/// # Errors
/// What no form can mend.
pub(crate) async fn refusal(
    app: &App,
    admin: &Administrator,
    id: UserId,
    error: AccountError,
    form: impl FnOnce(&User) -> FormPage,
) -> Result<HttpResponse, PageError> {
    let (objection, is_final) = match error {
        AccountError::LastAdministrator => (admin.t.last_administrator(), true),
        AccountError::Changed => (admin.t.changed_meanwhile(), false),
        error => return Err(error.into()),
    };
    let page = form(&user(app, id.get()).await?);
    let page = if is_final { page.closed() } else { page };
    Ok(page.refused(objection.to_owned()).show(admin))
}
