//! `/admin/users/add`: a new account.

use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::accounts::{self, NewAccount, Rules};
use crate::admin::users::account_form;
use crate::admin::users::account_form::AccountFormErrors;
use crate::admin::users::current_user_form;
use crate::app::App;
use crate::web::flash::{Done, Flash};
use crate::web::form_page::{FormPage, Tick};
use crate::web::session::guard::{Administrator, Post, RecentlyAuthenticated, RecentlyAuthenticatedPost};
use crate::web::{PageError, PageForm};

/// `GET`.
pub(crate) async fn form(admin: RecentlyAuthenticated) -> HttpResponse {
    let form: PageForm = [("active", "1")].into_iter().collect();
    page(&admin.0, &form, &AccountFormErrors::default()).show(&admin.0)
}

/// `POST`.
///
/// # AccountFormErrors
/// If the engine is busy, or the store fails.
pub(crate) async fn submit(
    app: Data<App>,
    post: RecentlyAuthenticatedPost,
) -> Result<HttpResponse, PageError> {
    let Post { admin, form } = post.0;
    let again = |errors: &AccountFormErrors| Ok(page(&admin, &form, errors).show(&admin));
    let ((username, email), password) = match account_form::new_account(&app, admin.t, &form).await? {
        Ok(account) => account,
        Err(errors) => return again(&errors),
    };
    let account = NewAccount {
        username,
        email,
        password,
        is_email_confirmed: form.has("confirmed"),
        is_active: form.has("active"),
        is_admin: form.has("admin"),
    };
    let name = account.username.to_string();
    match accounts::create_user(&app, account, Rules::Enforced, &admin.actor).await {
        Ok(id) => Ok(admin.go_on(&current_user_form::page_of(id), &Flash::One(Done::Added, name))),
        Err(error) => again(&account_form::refusal(admin.t, error)?),
    }
}

/// The form with what was typed, but for the passwords.
fn page(admin: &Administrator, form: &PageForm, errors: &AccountFormErrors) -> FormPage {
    let t = admin.t;
    let mut page = FormPage::new(admin, t.add_heading().to_owned(), t.add_submit(), "/admin/users/add");
    let (username, email) = (form.get("username").to_owned(), form.get("email").to_owned());
    page.fields = account_form::name_fields(t, username, email, errors);
    page.fields.extend(account_form::password_fields(t, errors));
    let tick = |id, label| Tick { id, label, is_ticked: form.has(id) };
    page.ticks = vec![
        tick("confirmed", t.add_confirmed()),
        tick("active", t.add_active()),
        tick("admin", t.add_admin()),
    ];
    page
}
