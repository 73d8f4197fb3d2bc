//! `/admin/users/{id}/edit`: another name or another email. Of two administrators who do so at
//! once, the second is shown what the first one did.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use crate::accounts::{self, AccountError, UpdateProfileError, UpdatedUser, UserRef, UserUpdate};
use crate::admin::users::account_form;
use crate::admin::users::account_form::AccountFormErrors;
use crate::admin::users::current_user_form;
use crate::app::App;
use crate::texts::Lang;
use crate::types::{Timestamp, User};
use crate::web::flash::{Done, Flash};
use crate::web::form_page::FormPage;
use crate::web::session::guard::{Administrator, Post, RecentlyAuthenticated, RecentlyAuthenticatedPost};
use crate::web::{PageError, PageForm};

/// The fields that tell what was in the form's fields when it was first shown.
const WAS_USERNAME: &str = "was_username";
const WAS_EMAIL: &str = "was_email";

/// `GET`.
///
/// # AccountFormErrors
/// If there is no such user, or the store fails.
pub(crate) async fn form(
    app: Data<App>,
    admin: RecentlyAuthenticated,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let user = current_user_form::user(&app, *id).await?;
    let (username, email) = (user.username.to_string(), user.email.to_string());
    Ok(page(&admin.0, &user, username, email, &AccountFormErrors::default()).show(&admin.0))
}

/// `POST`.
///
/// # AccountFormErrors
/// If there is no such user, or the store fails.
pub(crate) async fn submit(
    app: Data<App>,
    post: RecentlyAuthenticatedPost,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let Post { admin, form } = post.0;
    let t = admin.t;
    let user = current_user_form::user(&app, *id).await?;
    let seen = Timestamp::from_micros(form.get(current_user_form::SEEN).parse().unwrap_or_default());
    let (username, email) = match account_form::names(t, &form) {
        Ok(names) => names,
        Err(errors) => return Ok(again(&admin, &user, &form, &errors).show(&admin)),
    };
    let target = UserRef::if_unchanged_since(user.id, seen);
    let update = UserUpdate { username: Some(username), email: Some(email) };
    match accounts::edit_user(&app, target, update, &admin.actor).await {
        Ok(UpdatedUser { user, is_changed }) => {
            let done = if is_changed { Done::Saved } else { Done::Unchanged };
            let flash = Flash::One(done, user.username.to_string());
            Ok(admin.go_on(&current_user_form::page_of(user.id), &flash))
        }
        Err(UpdateProfileError::Taken(taken)) => {
            Ok(again(&admin, &user, &form, &AccountFormErrors::taken(t, &taken)).show(&admin))
        }
        Err(UpdateProfileError::Account(AccountError::Changed)) => {
            let user = current_user_form::user(&app, *id).await?;
            Ok(meanwhile(&admin, &user, &form).show(&admin))
        }
        Err(UpdateProfileError::Account(error)) => Err(error.into()),
    }
}

/// The form as it was typed, of the state that was seen then.
fn again(admin: &Administrator, user: &User, form: &PageForm, errors: &AccountFormErrors) -> FormPage {
    let typed = |name: &str| form.get(name).to_owned();
    let mut page = page(admin, user, typed("username"), typed("email"), errors);
    page.hidden = [current_user_form::SEEN, WAS_USERNAME, WAS_EMAIL].map(|name| (name, typed(name))).into();
    page
}

/// The form of the present state, with what was changed in it by hand, and what became of that meanwhile.
fn meanwhile(admin: &Administrator, user: &User, form: &PageForm) -> FormPage {
    let t = admin.t;
    let (username, username_errors) =
        merged(t, form.get("username"), form.get(WAS_USERNAME), user.username.as_str());
    let (email, email_errors) = merged(t, form.get("email"), form.get(WAS_EMAIL), user.email.as_str());
    let errors =
        AccountFormErrors { username: username_errors, email: email_errors, ..AccountFormErrors::default() };
    let mut page = page(admin, user, username, email, &errors);
    page.errors.push(t.edit_meanwhile().to_owned());
    page
}

/// What a field shows: its present value if it was left as it `was`, else what was typed, and its present
/// value beside that if somebody else changed it, too.
fn merged(t: Lang, typed: &str, was: &str, now: &str) -> (String, Vec<String>) {
    if typed == was {
        return (now.to_owned(), Vec::new());
    }
    let changed = was != now && typed != now;
    (typed.to_owned(), changed.then(|| t.is_now(now)).into_iter().collect())
}

fn page(
    admin: &Administrator,
    user: &User,
    username: String,
    email: String,
    errors: &AccountFormErrors,
) -> FormPage {
    let t = admin.t;
    let mut page = FormPage::about(admin, user, t.edit_heading(&user.username), t.edit_submit(), "edit");
    page.hidden.push((WAS_USERNAME, user.username.to_string()));
    page.hidden.push((WAS_EMAIL, user.email.to_string()));
    page.fields = account_form::name_fields(t, username, email, errors);
    if let Some(field) = page.fields.last_mut() {
        field.hint = t.edit_email_hint();
    }
    page
}
