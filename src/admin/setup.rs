//! `/admin/setup/{key}`: what the one-time link of the first start opens. Makes the first
//! administrator. Whether the key is good, `accounts` knows; it comes up in no page and no log.

use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::{self, ActorKind, NewAccount, SetupError};
use crate::admin::users::account_form;
use crate::admin::users::account_form::AccountFormErrors;
use crate::app::App;
use crate::http;
use crate::texts::Lang;
use crate::types::{Link, OneTimeKey};
use crate::web;
use crate::web::{Page, PageError, PageForm, refuse_cross_site};

#[derive(Template)]
#[template(path = "admin/setup.html")]
struct SetupPage<'a> {
    t: Lang,
    username: &'a str,
    email: &'a str,
    errors: AccountFormErrors,
}

#[derive(Template)]
#[template(path = "admin/setup_gone.html")]
struct SetupGonePage {
    t: Lang,
}

#[derive(Template)]
#[template(path = "admin/setup_done.html")]
struct SetupDonePage<'a> {
    t: Lang,
    origin: &'a str,
}

/// `GET /admin/setup/{key}`: the form, or 404 and how to get a new link.
///
/// # AccountFormErrors
/// If the store fails.
pub(crate) async fn form(
    app: Data<App>,
    request: HttpRequest,
    key: Path<String>,
) -> Result<HttpResponse, PageError> {
    let t = web::language(&request);
    Ok(match good_key(&app, &key).await? {
        Some(_) => Page::new(SetupPage { t, username: "", email: "", errors: AccountFormErrors::default() })
            .with_secret_url()
            .into_response(),
        None => gone(t),
    })
}

/// `POST /admin/setup/{key}`: makes the administrator and goes on to [`done`], or shows the
/// form again (422) with what was wrong.
///
/// The key is looked at before the form is read, so that nobody without one makes us hash.
///
/// # AccountFormErrors
/// If the form comes from another site or cannot be read, if the engine is busy, or if the
/// store fails.
pub(crate) async fn submit(
    app: Data<App>,
    request: HttpRequest,
    key: Path<String>,
    body: Payload,
) -> Result<HttpResponse, PageError> {
    refuse_cross_site(&request)?;
    let t = web::language(&request);
    let Some(key) = good_key(&app, &key).await? else { return Ok(gone(t)) };
    let form = PageForm::read(&request, body).await?;
    // Whoever has a good key may know who has an account: nobody has one yet.
    let ((username, email), password) = match account_form::new_account(&app, t, &form).await? {
        Ok(account) => account,
        Err(errors) => return Ok(again(t, &form, errors)),
    };
    let account =
        NewAccount { username, email, password, is_email_confirmed: true, is_active: true, is_admin: true };
    let by = http::actor(&request, ActorKind::SetupLink);
    match accounts::create_first_administrator(&app, key, account, &by).await {
        Ok(_) => {
            Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, Link::Setup.done_path())).finish())
        }
        Err(SetupError::BadKey) => Ok(gone(t)),
        Err(SetupError::Create(error)) => Ok(again(t, &form, account_form::refusal(t, error)?)),
    }
}

/// `GET /admin/setup/done`: what to do now. Tells nothing that is secret, and so is open.
pub(crate) async fn done(app: Data<App>, request: HttpRequest) -> HttpResponse {
    let page = SetupDonePage { t: web::language(&request), origin: app.config.public_url.origin() };
    Page::new(page).into_response()
}

async fn good_key(app: &App, text: &str) -> Result<Option<OneTimeKey>, PageError> {
    let Some(key) = OneTimeKey::parse(text) else { return Ok(None) };
    let is_good = accounts::is_setup_key_valid(app, key.clone()).await?;
    Ok(is_good.then_some(key))
}

/// The form with what was typed, but for the passwords.
fn again(t: Lang, form: &PageForm, errors: AccountFormErrors) -> HttpResponse {
    Page::new(SetupPage { t, username: form.get("username"), email: form.get("email"), errors })
        .with_status(StatusCode::UNPROCESSABLE_ENTITY)
        .with_secret_url()
        .into_response()
}

fn gone(t: Lang) -> HttpResponse {
    Page::new(SetupGonePage { t }).with_status(StatusCode::NOT_FOUND).with_secret_url().into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_escaped_and_an_error_stands_beside_its_field() {
        let errors = AccountFormErrors { username: vec!["No.".to_owned()], ..AccountFormErrors::default() };
        let page = SetupPage { t: Lang::English, username: "\"><script>", email: "a@b.example", errors }
            .render()
            .unwrap();
        assert!(!page.contains("<script"), "{page}");
        assert!(page.contains("value=\"a@b.example\""), "{page}");
        assert!(page.contains("aria-describedby=\"username-hint username-error\""), "{page}");
        assert!(page.contains("href=\"#username\""), "{page}");
    }

    #[test]
    fn the_login_line_names_the_public_address() {
        let page =
            SetupDonePage { t: Lang::English, origin: "https://accounts.example.com" }.render().unwrap();
        assert!(page.contains("https://accounts.example.com/api/login/"), "{page}");
    }
}
