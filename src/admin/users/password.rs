//! `/admin/users/{id}/password`: sets another password.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use crate::accounts::{self, Rules, SetPasswordError};
use crate::admin::users::account_form;
use crate::admin::users::account_form::AccountFormErrors;
use crate::admin::users::current_user_form;
use crate::app::App;
use crate::types::User;
use crate::web::PageError;
use crate::web::flash::Done;
use crate::web::form_page::FormPage;
use crate::web::session::guard::{Administrator, Post, RecentlyAuthenticated, RecentlyAuthenticatedPost};

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
    Ok(page(&admin.0, &user, &AccountFormErrors::default()).show(&admin.0))
}

/// `POST`.
///
/// # AccountFormErrors
/// If there is no such user, the engine is busy, or the store fails.
pub(crate) async fn submit(
    app: Data<App>,
    post: RecentlyAuthenticatedPost,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let Post { admin, form } = post.0;
    let user = current_user_form::user(&app, *id).await?;
    let again = |errors: AccountFormErrors| Ok(page(&admin, &user, &errors).show(&admin));
    let password = match account_form::password(admin.t, &form) {
        Ok(password) => password,
        Err(errors) => return again(errors),
    };
    let target = current_user_form::as_seen(&form, user.id);
    match accounts::set_password(&app, target, password, Rules::Enforced, &admin.actor).await {
        Ok(user) => Ok(current_user_form::go_on(
            &admin,
            &user,
            &current_user_form::page_of(user.id),
            Done::PasswordSet,
        )),
        Err(SetPasswordError::Weak(violations)) => again(AccountFormErrors::weak(admin.t, &violations)),
        Err(SetPasswordError::Engine(error)) => Err(error.into()),
        Err(SetPasswordError::Account(error)) => {
            let form = |user: &User| page(&admin, user, &AccountFormErrors::default());
            current_user_form::refusal(&app, &admin, user.id, error, form).await
        }
    }
}

fn page(admin: &Administrator, user: &User, errors: &AccountFormErrors) -> FormPage {
    let t = admin.t;
    let heading = t.password_heading(&user.username);
    let mut page = FormPage::about(admin, user, heading, t.password_submit(), "password");
    page.lead.push(t.password_lead().to_owned());
    page.fields = account_form::password_fields(t, errors);
    page
}
