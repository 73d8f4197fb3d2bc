//! `/admin/users/{id}/password`: sets a new password.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use crate::accounts::{self, Rules, SetPasswordError, UserNotice};
use crate::admin::flash::Done;
use crate::admin::session::{Administrator, Post, RecentlyAuthenticated, RecentlyAuthenticatedPost};
use crate::admin::users::account_form;
use crate::admin::users::user_form;
use crate::app::App;
use crate::types::{Password, User};
use crate::web::form_page::FormPage;
use crate::web::{AccountErrors, PageError, new_password};

/// The query of the page with a suggestion.
const GENERATE: &str = "generate";

/// `GET`.
///
/// With `?generate` the fields hold a suggestion, in letters that can be read and copied.
pub(crate) async fn form(
    app: Data<App>,
    request: HttpRequest,
    admin: RecentlyAuthenticated,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let user = user_form::user(&app, *id).await?;
    let mut page = page(&app, &admin.0, &user, &AccountErrors::default(), UserNotice::Send);
    if request.query_string() == GENERATE {
        let suggestion = Password::suggestion(app.config.password.min_length);
        for field in &mut page.fields {
            (field.kind, field.autocomplete) = ("text", "off");
            suggestion.expose().clone_into(&mut field.value);
        }
    }
    Ok(page.render_for(&admin.0))
}

/// `POST`.
pub(crate) async fn submit(
    app: Data<App>,
    post: RecentlyAuthenticatedPost,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let Post { sender: admin, form } = post.0;
    let user = user_form::user(&app, *id).await?;
    let notice = account_form::notice(&form);
    let invalid = |errors: AccountErrors| Ok(page(&app, &admin, &user, &errors, notice).render_for(&admin));
    let password = match new_password(admin.t, &form) {
        Ok(password) => password,
        Err(errors) => return invalid(errors),
    };
    let target = user_form::user_at_version(&form, user.id);
    let outcome =
        accounts::set_password_with(&app, target, password, Rules::Enforced, notice, &admin.actor).await;
    match outcome {
        Ok(user) => Ok(user_form::redirect(&admin, &user, &user_form::path_of(user.id), Done::PasswordSet)),
        Err(SetPasswordError::Weak(weak)) => invalid(AccountErrors::weak(admin.t, &weak)),
        Err(SetPasswordError::Engine(error)) => Err(error.into()),
        Err(SetPasswordError::Account(error)) => {
            let form = |user: &User| page(&app, &admin, user, &AccountErrors::default(), notice);
            user_form::render_refused(&app, &admin, user.id, error, form).await
        }
    }
}

fn page(
    app: &App,
    admin: &Administrator,
    user: &User,
    errors: &AccountErrors,
    notice: UserNotice,
) -> FormPage {
    let t = admin.t;
    let heading = t.password_heading(&user.username);
    let mut page = user_form::page_about(admin, user, heading, t.password_submit(), "password");
    page.lead.push(t.password_lead().to_owned());
    page.min_length = app.config.password.min_length;
    page.fields = account_form::password_fields(t, page.min_length, errors);
    page.generate = Some(format!("{}/password?{GENERATE}", user_form::path_of(user.id)));
    page.checkboxes.push(account_form::notice_checkbox(t, notice));
    page
}
