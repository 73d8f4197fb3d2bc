//! `/admin/users/{id}/password`: sets a new password.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use crate::accounts::{self, Rules, SetPasswordError};
use crate::admin::flash::Done;
use crate::admin::session::{Administrator, Post, RecentlyAuthenticated, RecentlyAuthenticatedPost};
use crate::admin::users::account_form;
use crate::admin::users::user_form;
use crate::app::App;
use crate::config::AccountPart;
use crate::types::User;
use crate::web::form_page::FormPage;
use crate::web::layout::see_other;
use crate::web::{AccountErrors, PageError, new_password};

/// `GET`. Administrators change their own password with the old one, on their account page.
pub(crate) async fn form(
    app: Data<App>,
    admin: RecentlyAuthenticated,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let user = user_form::user(&app, *id).await?;
    let account = &app.config.account;
    if user.id == admin.0.user.id && account.pages && account.allows(AccountPart::Password) {
        return Ok(see_other("/admin/account?next=security").finish());
    }
    Ok(page(&app, &admin.0, &user, &AccountErrors::default()).render_for(&admin.0))
}

/// `POST`.
pub(crate) async fn submit(
    app: Data<App>,
    post: RecentlyAuthenticatedPost,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let Post { sender: admin, form } = post.0;
    let user = user_form::user(&app, *id).await?;
    let invalid = |errors: AccountErrors| Ok(page(&app, &admin, &user, &errors).render_for(&admin));
    let password = match new_password(admin.t, &form) {
        Ok(password) => password,
        Err(errors) => return invalid(errors),
    };
    let target = user_form::user_at_version(&form, user.id);
    match accounts::set_password(&app, target, password, Rules::Enforced, &admin.actor).await {
        Ok(user) => Ok(user_form::redirect(&admin, &user, &user_form::path_of(user.id), Done::PasswordSet)),
        Err(SetPasswordError::Weak(weak)) => invalid(AccountErrors::weak(admin.t, &weak)),
        Err(SetPasswordError::Engine(error)) => Err(error.into()),
        Err(SetPasswordError::Account(error)) => {
            let form = |user: &User| page(&app, &admin, user, &AccountErrors::default());
            user_form::render_refused(&app, &admin, user.id, error, form).await
        }
    }
}

fn page(app: &App, admin: &Administrator, user: &User, errors: &AccountErrors) -> FormPage {
    let t = admin.t;
    let heading = t.password_heading(&user.username);
    let mut page = user_form::page_about(admin, user, heading, t.password_submit(), "password");
    page.lead.push(t.password_lead().to_owned());
    page.min_length = app.config.password.min_length;
    page.fields = account_form::password_fields(t, page.min_length, errors);
    page
}
