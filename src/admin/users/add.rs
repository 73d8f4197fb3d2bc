//! `/admin/users/add`: creates an account.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use crate::accounts::{self, NewAccount, Rules};
use crate::admin::flash::{Done, Flash};
use crate::admin::session::{Administrator, Post, RecentlyAuthenticated, RecentlyAuthenticatedPost};
use crate::admin::users::account_form;
use crate::admin::users::user_form;
use crate::app::App;
use crate::web::form_page::{Checkbox, FormPage};
use crate::web::{AccountErrors, PageError, PageForm};

/// `GET`. With `?admin=1`, the account will be an administrator's.
pub(crate) async fn form(app: Data<App>, request: HttpRequest, admin: RecentlyAuthenticated) -> HttpResponse {
    let is_admin = PageForm::of_query(request.query_string()).has("admin");
    let form: PageForm = [("active", "1")].into_iter().chain(is_admin.then_some(("admin", "1"))).collect();
    page(&app, &admin.0, &form, &AccountErrors::default()).render_for(&admin.0)
}

/// `POST`.
pub(crate) async fn submit(
    app: Data<App>,
    post: RecentlyAuthenticatedPost,
) -> Result<HttpResponse, PageError> {
    let Post { sender: admin, form } = post.0;
    let invalid = |errors: &AccountErrors| Ok(page(&app, &admin, &form, errors).render_for(&admin));
    let ((username, email), password) = match account_form::new_account(&app, admin.t, &form).await? {
        Ok(account) => account,
        Err(errors) => return invalid(&errors),
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
        Ok(id) => Ok(admin.redirect(&user_form::path_of(id), &Flash::One(Done::Added, name))),
        Err(error) => invalid(&AccountErrors::refused(admin.t, error)?),
    }
}

/// The form with the typed values, without the passwords.
fn page(app: &App, admin: &Administrator, form: &PageForm, errors: &AccountErrors) -> FormPage {
    let t = admin.t;
    let mut page = user_form::page(admin, t.add_heading().to_owned(), t.add_submit(), "/admin/users/add");
    let (username, email) = (form.get("username").to_owned(), form.get("email").to_owned());
    page.fields = account_form::name_fields(t, username, email, errors);
    page.min_length = app.config.password.min_length;
    page.fields.extend(account_form::password_fields(t, page.min_length, errors));
    let checkbox = |id, label| Checkbox { id, label, is_checked: form.has(id) };
    page.checkboxes = vec![
        checkbox("confirmed", t.add_confirmed()),
        checkbox("active", t.add_active()),
        checkbox("admin", t.add_admin()),
    ];
    page
}
