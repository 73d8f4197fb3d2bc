//! `/admin/users/{id}/edit`: changes username and email. If another administrator changed the account in the
//! meantime, the form shows that change and asks again (optimistic locking).

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use crate::accounts::{self, AccountError, UpdateProfileError, UpdatedUser, UserRef, UserUpdate};
use crate::admin::flash::{Done, Flash};
use crate::admin::session::{Administrator, Post, RecentlyAuthenticated, RecentlyAuthenticatedPost};
use crate::admin::users::account_form;
use crate::admin::users::last_change;
use crate::admin::users::user_form;
use crate::app::App;
use crate::texts::Lang;
use crate::types::{Timestamp, User};
use crate::web::form_page::FormPage;
use crate::web::{AccountErrors, PageError, PageForm};

/// The fields with the username and email that the form displayed first.
const WAS_USERNAME: &str = "was_username";
const WAS_EMAIL: &str = "was_email";

/// `GET`.
pub(crate) async fn form(
    app: Data<App>,
    admin: RecentlyAuthenticated,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let user = user_form::user(&app, *id).await?;
    let (username, email) = (user.username.to_string(), user.email.to_string());
    Ok(page(&admin.0, &user, username, email, &AccountErrors::default()).render_for(&admin.0))
}

/// `POST`.
pub(crate) async fn submit(
    app: Data<App>,
    post: RecentlyAuthenticatedPost,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let Post { sender: admin, form } = post.0;
    let t = admin.t;
    let user = user_form::user(&app, *id).await?;
    let version = Timestamp::from_micros(form.get(user_form::VERSION).parse().unwrap_or_default());
    let (username, email) = match account_form::names(t, &form) {
        Ok(names) => names,
        Err(errors) => return Ok(invalid(&admin, &user, &form, &errors).render_for(&admin)),
    };
    let user_ref = UserRef::if_unchanged_since(user.id, version);
    let update = UserUpdate { username: Some(username), email: Some(email) };
    match accounts::edit_user(&app, user_ref, update, &admin.actor).await {
        Ok(UpdatedUser { user, is_changed }) => {
            let done = if is_changed { Done::Saved } else { Done::Unchanged };
            let flash = Flash::One(done, user.username.to_string());
            Ok(admin.redirect(&user_form::path_of(user.id), &flash))
        }
        Err(UpdateProfileError::Taken(taken)) => {
            Ok(invalid(&admin, &user, &form, &AccountErrors::taken(t, &taken)).render_for(&admin))
        }
        Err(UpdateProfileError::Account(AccountError::Changed)) => {
            let user = user_form::user(&app, *id).await?;
            let change = last_change::by_another(&app, &admin, &user).await?;
            Ok(conflict(&admin, &user, &form, change).render_for(&admin))
        }
        Err(UpdateProfileError::Account(error)) => Err(error.into()),
    }
}

/// The form with the typed values, and the version that it displayed first.
fn invalid(admin: &Administrator, user: &User, form: &PageForm, errors: &AccountErrors) -> FormPage {
    let typed = |name: &str| form.get(name).to_owned();
    let mut page = page(admin, user, typed("username"), typed("email"), errors);
    page.hidden = [user_form::VERSION, WAS_USERNAME, WAS_EMAIL].map(|name| (name, typed(name))).into();
    page
}

/// The form for the current state of the account, merged with the fields that the administrator changed.
fn conflict(admin: &Administrator, user: &User, form: &PageForm, change: Option<String>) -> FormPage {
    let t = admin.t;
    let (username, username_errors) =
        merged(t, form.get("username"), form.get(WAS_USERNAME), user.username.as_str());
    let (email, email_errors) = merged(t, form.get("email"), form.get(WAS_EMAIL), user.email.as_str());
    let errors = AccountErrors { username: username_errors, email: email_errors, ..AccountErrors::default() };
    let mut page = page(admin, user, username, email, &errors);
    page.errors.push(match change {
        Some(change) => format!("{change} {}", t.then_not_saved()),
        None => t.edit_conflict().to_owned(),
    });
    page
}

/// The value and the errors of a field: the `current` value if the administrator did not change what the form
/// displayed first, else the typed one, with a note if another administrator changed the field, too.
fn merged(t: Lang, typed: &str, first: &str, current: &str) -> (String, Vec<String>) {
    if typed == first {
        return (current.to_owned(), Vec::new());
    }
    let is_conflict = first != current && typed != current;
    (typed.to_owned(), is_conflict.then(|| t.is_now(current)).into_iter().collect())
}

fn page(
    admin: &Administrator,
    user: &User,
    username: String,
    email: String,
    errors: &AccountErrors,
) -> FormPage {
    let t = admin.t;
    let mut page =
        user_form::page_about(admin, user, t.edit_heading(&user.username), t.edit_submit(), "edit");
    page.hidden.push((WAS_USERNAME, user.username.to_string()));
    page.hidden.push((WAS_EMAIL, user.email.to_string()));
    page.fields = account_form::name_fields(t, username, email, errors);
    if let Some(field) = page.fields.last_mut() {
        field.hint = t.edit_email_hint().into();
    }
    page
}
