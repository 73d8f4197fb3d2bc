//! `/admin/setup/{key}`: the page behind the one-time link of the first start, which creates the first
//! administrator. The key is in no page and no log.

use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::{self, ActorKind, NewAccount, SetupError};
use crate::admin::session::Administrator;
use crate::admin::users::account_form;
use crate::app::App;
use crate::http;
use crate::texts::Lang;
use crate::types::{Link, OneTimeKey};
use crate::web;
use crate::web::session::cookies;
use crate::web::{AccountErrors, Page, PageError, PageForm, SiteView, key_page};

#[derive(Template)]
#[template(path = "admin/setup.html")]
struct SetupPage<'a> {
    t: Lang,
    site: SiteView,
    username: &'a str,
    email: &'a str,
    min_length: usize,
    errors: AccountErrors,
}

#[derive(Template)]
#[template(path = "admin/setup_gone.html")]
struct SetupGonePage {
    t: Lang,
    site: SiteView,
}

#[derive(Template)]
#[template(path = "admin/setup_done.html")]
struct SetupDonePage<'a> {
    t: Lang,
    site: SiteView,
    origin: &'a str,
    /// The new administrator, if this browser is signed in.
    username: Option<&'a str>,
}

/// `GET /admin/setup/{key}`: the form, or 404 with advice.
pub(crate) async fn form(
    app: Data<App>,
    request: HttpRequest,
    key: Path<String>,
) -> Result<HttpResponse, PageError> {
    let t = web::language(&request);
    Ok(match good_key(&app, &key).await? {
        Some(_) => {
            let (min_length, errors) = (app.config.password.min_length, AccountErrors::default());
            key_page::render(SetupPage {
                t,
                site: SiteView::of(&app),
                username: "",
                email: "",
                min_length,
                errors,
            })
        }
        None => gone(&app, t),
    })
}

/// `POST /admin/setup/{key}`: creates the administrator, signs the browser in and redirects to [`done`], or renders
/// the form again with the errors (422).
pub(crate) async fn submit(
    app: Data<App>,
    request: HttpRequest,
    key: Path<String>,
    body: Payload,
) -> Result<HttpResponse, PageError> {
    let t = web::language(&request);
    let Some((key, form)) = key_page::read_form(&request, body, good_key(&app, &key)).await? else {
        return Ok(gone(&app, t));
    };
    // The holder of a good key becomes an administrator, and may know which names are taken.
    let ((username, email), password) = match account_form::new_account(&app, t, &form).await? {
        Ok(account) => account,
        Err(errors) => return Ok(invalid(&app, t, &form, errors)),
    };
    let account =
        NewAccount { username, email, password, is_email_confirmed: true, is_active: true, is_admin: true };
    let by = http::actor(&request, ActorKind::SetupLink);
    let is_https = app.config.public_url.is_https();
    let earlier = cookies::ADMIN.key(&request, is_https);
    match accounts::create_first_administrator(&app, key, account, earlier, &by).await {
        Ok(session) => {
            let mut response = key_page::redirect(&Link::Setup.done_path());
            let cookie = cookies::ADMIN.with(&session, is_https);
            response.add_cookie(&cookie).map_err(|_| PageError::Internal)?;
            Ok(response)
        }
        Err(SetupError::BadKey) => Ok(gone(&app, t)),
        Err(SetupError::Create(error)) => Ok(invalid(&app, t, &form, AccountErrors::refused(t, error)?)),
    }
}

/// `GET /admin/setup/done`: the next steps. It has no secrets and needs no key.
pub(crate) async fn done(
    app: Data<App>,
    request: HttpRequest,
    admin: Result<Administrator, PageError>,
) -> HttpResponse {
    let (t, site) = (web::language(&request), SiteView::of(&app));
    let username = admin.as_ref().ok().map(|admin| admin.user.username.as_str());
    let page = SetupDonePage { t, site, origin: app.config.public_url.origin(), username };
    Page::new(page).into_response()
}

async fn good_key(app: &App, text: &str) -> Result<Option<OneTimeKey>, PageError> {
    let Some(key) = OneTimeKey::parse(text) else { return Ok(None) };
    let is_good = accounts::is_setup_key_valid(app, key.clone()).await?;
    Ok(is_good.then_some(key))
}

/// The form with the typed values, without the passwords.
fn invalid(app: &App, t: Lang, form: &PageForm, errors: AccountErrors) -> HttpResponse {
    key_page::render_invalid(SetupPage {
        t,
        site: SiteView::of(app),
        username: form.get("username"),
        email: form.get("email"),
        min_length: app.config.password.min_length,
        errors,
    })
}

fn gone(app: &App, t: Lang) -> HttpResponse {
    key_page::render_gone(SetupGonePage { t, site: SiteView::of(app) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_values_are_escaped_and_an_error_is_beside_its_field() {
        let errors = AccountErrors { username: vec!["No.".to_owned()], ..AccountErrors::default() };
        let page = SetupPage {
            t: Lang::English,
            site: SiteView::default(),
            username: "\"><script>",
            email: "a@b.example",
            min_length: 8,
            errors,
        }
        .render()
        .unwrap();
        assert!(!page.contains("><script>"), "{page}");
        assert!(page.contains("value=\"a@b.example\""), "{page}");
        assert!(page.contains("aria-describedby=\"username-hint username-error\""), "{page}");
        assert!(page.contains("href=\"#username\""), "{page}");
    }

    #[test]
    fn the_example_has_the_public_url() {
        let page = SetupDonePage {
            t: Lang::English,
            site: SiteView::default(),
            origin: "https://accounts.example.com",
            username: None,
        }
        .render()
        .unwrap();
        assert!(page.contains("https://accounts.example.com/api/login/"), "{page}");
    }
}
