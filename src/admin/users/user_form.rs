//! The forms about a user: which user, the state of the account that the form displayed, and the responses that
//! these forms share.

use actix_web::HttpResponse;

use crate::accounts::{self, AccountError, UserRef};
use crate::admin::flash::{Done, Flash};
use crate::admin::session::{AdminArea, Administrator};
use crate::admin::users::last_change;
use crate::admin::users::query::LIST;
pub(crate) use crate::admin::users::user_path::{VERSION, path_of};
use crate::app::App;
use crate::store::queries::user_activity;
use crate::store::tables::audit::Action;
use crate::store::tables::users;
use crate::types::{Email, Timestamp, User, UserId};
use crate::web::form_page::FormPage;
use crate::web::layout::see_other;
use crate::web::session::area::Area;
use crate::web::{PageError, PageForm};

/// The field with the email that the form displayed, where the form is about the email.
const ADDRESS: &str = "address";

/// The user with the id in the URL. A user who was deleted meanwhile has a page that says so, which comes first;
/// [`PageError::NotFound`] for any other id.
pub(crate) async fn user(app: &App, id: i64) -> Result<User, PageError> {
    let id = UserId::new(id);
    let (user, deletion) = app
        .store
        .read(move |conn| {
            let user = users::by_id(conn, id)?;
            let deletion =
                if user.is_none() { user_activity::last(conn, id, Action::Deleted)? } else { None };
            Ok((user, deletion))
        })
        .await?;
    match (user, deletion) {
        (Some(user), _) => Ok(user),
        (None, Some(_)) => Err(PageError::First(path_of(id))),
        (None, None) => Err(PageError::NotFound),
    }
}

/// The value of the field [`VERSION`].
pub(crate) fn version(user: &User) -> String {
    user.updated_at.micros().to_string()
}

/// The user of a form, provided that the account has the version that the form displayed.
pub(crate) fn user_at_version(form: &PageForm, id: UserId) -> UserRef {
    match form.get(VERSION).parse() {
        Ok(micros) => UserRef::if_unchanged_since(id, Timestamp::from_micros(micros)),
        Err(_) => id.into(),
    }
}

/// The user of a form, provided that the account has the email that the form displayed.
pub(crate) fn user_at_email(form: &PageForm, id: UserId) -> UserRef {
    match form.get(ADDRESS) {
        "" => id.into(),
        address => UserRef::if_email_is(id, Email::from_stored(address.to_owned())),
    }
}

/// A form page below the list of users.
pub(crate) fn page(admin: &Administrator, heading: String, submit: &'static str, action: &str) -> FormPage {
    FormPage::new(admin.layout(), (admin.t.users_heading(), &admin.back.to(LIST)), heading, submit, action)
}

/// A form page below the page of a user. The form is sent to `action`, the last segment of its path.
pub(crate) fn page_about(
    admin: &Administrator,
    user: &User,
    heading: String,
    submit: &'static str,
    action: &str,
) -> FormPage {
    let path = path_of(user.id);
    let mut page =
        page(admin, heading, submit, &format!("{path}/{action}")).below(user.username.as_str(), path);
    page.hidden.push((VERSION, version(user)));
    page
}

/// A form page for an action after which the user cannot sign in to the admin. It warns an administrator whose
/// own account it is.
pub(crate) fn page_that_locks_out(
    admin: &Administrator,
    user: &User,
    heading: String,
    submit: &'static str,
    action: &str,
) -> FormPage {
    let mut page = page_about(admin, user, heading, submit, action);
    page.warning = (user.id == admin.user.id).then(|| admin.t.own_account().into());
    page.is_dangerous = true;
    page
}

/// Renders a form that would remove an administrator. For the last administrator the page says instead what to
/// do first.
pub(crate) async fn render_unless_last(
    app: &App,
    admin: &Administrator,
    user: &User,
    page: FormPage,
) -> Result<HttpResponse, PageError> {
    if !accounts::is_last_administrator(app, user).await? {
        return Ok(page.render_for(admin));
    }
    let mut page = page.without_form();
    page.warning = Some(admin.t.last_administrator().into());
    Ok(page.render_for(admin))
}

/// The response to a form about a user: a redirect to the user's page, or the form for the current state of the
/// account, with the error.
pub(crate) async fn respond(
    app: &App,
    admin: &Administrator,
    id: UserId,
    outcome: Result<User, AccountError>,
    done: Done,
    form: impl FnOnce(&User) -> FormPage,
) -> Result<HttpResponse, PageError> {
    match outcome {
        Ok(user) => Ok(redirect(admin, &user, &path_of(id), done)),
        Err(error) => render_refused(app, admin, id, error, form).await,
    }
}

/// Redirects to `path` with a message; administrators who ended their own session are redirected to the sign-in
/// page.
pub(crate) fn redirect(admin: &Administrator, user: &User, path: &str, done: Done) -> HttpResponse {
    let sign_in = match done {
        Done::Deactivated | Done::AdminRevoked | Done::Deleted | Done::DeletionRequested => {
            Some("/admin/sign-in?left=1")
        }
        Done::PasswordSet => Some("/admin/sign-in?again=1"),
        _ => None,
    };
    if let Some(sign_in) = sign_in.filter(|_| user.id == admin.user.id) {
        let cookie = AdminArea::COOKIE.removal(admin.is_https);
        return see_other(sign_in).cookie(cookie).finish();
    }
    admin.redirect(path, &Flash::about(done, user))
}

/// The form for the current state of the account, with the error. Errors that another attempt cannot mend are
/// pages of their own.
pub(crate) async fn render_refused(
    app: &App,
    admin: &Administrator,
    id: UserId,
    error: AccountError,
    form: impl FnOnce(&User) -> FormPage,
) -> Result<HttpResponse, PageError> {
    let user = user(app, id.get()).await?;
    let (text, is_final) = match error {
        AccountError::LastAdministrator => (admin.t.last_administrator().to_owned(), true),
        AccountError::Changed => (last_change::refusal(app, admin, &user).await?, false),
        AccountError::ToBeDeleted => (admin.t.not_activated_deletion().to_owned(), true),
        error => return Err(error.into()),
    };
    let page = form(&user);
    let page = if is_final { page.without_form() } else { page };
    Ok(page.with_error(text).render_for(admin))
}
