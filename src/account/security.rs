//! `/account/security`: changes the password, with the old one.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::account::area::{AccountPost, AccountSession, AccountUser, admin_session};
use crate::account::form;
use crate::account::notice::AccountNotice;
use crate::accounts::{self, ChangePasswordError, OwnSession};
use crate::app::App;
use crate::config::AccountPart;
use crate::store::queries::user_activity;
use crate::types::{Password, trimmed};
use crate::web::layout::Layout;
use crate::web::{AccountErrors, OLD_PASSWORD, Page, PageError, SiteView, When, new_password};

const PATH: &str = "/account/security";

/// The field of a form that came after the session had ended, without its passwords.
const RETYPE: &str = "retype";

#[derive(Template)]
#[template(path = "account/security.html")]
struct SecurityPage {
    layout: Layout,
    site: SiteView,
    /// Whether the form is there: users may change their password, and this is no view.
    has_form: bool,
    may_change: bool,
    last_changed: Option<When>,
    min_length: usize,
    /// A note above the form: the passwords have to be typed again.
    note: Option<&'static str>,
    /// The errors that belong to no field.
    general: Vec<String>,
    old_password: Vec<String>,
    errors: AccountErrors,
}

impl SecurityPage {
    fn has_errors(&self) -> bool {
        !(self.general.is_empty() && self.old_password.is_empty() && self.errors.is_empty())
    }
}

/// `GET /account/security`.
pub(crate) async fn page(app: Data<App>, user: AccountUser) -> Result<HttpResponse, PageError> {
    let page = page_for(&app, &user).await?;
    Ok(user.render(Page::new(page)))
}

/// `POST /account/security`: changes the password. This browser stays signed in, here and in the admin.
pub(crate) async fn submit(
    app: Data<App>,
    request: HttpRequest,
    post: AccountPost,
) -> Result<HttpResponse, PageError> {
    let AccountPost { sender: user, form } = post;
    form::check_may_change(&app, &user, AccountPart::Password)?;
    let mut page = page_for(&app, &user).await?;
    let t = user.t;
    if form.has(RETYPE) && form.get(OLD_PASSWORD).is_empty() {
        page.note = Some(t.security_retype());
        return Ok(user.render(Page::new(page)));
    }
    let old = trimmed(form.get(OLD_PASSWORD));
    if old.is_empty() {
        page.old_password.push(t.field_is_empty().to_owned());
    }
    let new = match new_password(t, &form) {
        Ok(new) if page.old_password.is_empty() => new,
        other => {
            page.errors = other.err().unwrap_or_default();
            return Ok(invalid(&user, page));
        }
    };
    let old = Password::new(old.to_owned());
    let own = own_session(&app, &request, &user).await?;
    match accounts::change_password(&app, &user.user, own, old, new, &user.actor).await {
        Ok(()) => Ok(user.redirect(PATH, &AccountNotice::PasswordChanged)),
        Err(ChangePasswordError::WrongOld) => {
            page.old_password.push(t.reauthenticate_wrong().to_owned());
            Ok(invalid(&user, page))
        }
        Err(ChangePasswordError::Weak(weak)) => {
            page.errors = AccountErrors::weak(t, &weak);
            Ok(invalid(&user, page))
        }
        Err(ChangePasswordError::Throttled(wait)) => {
            page.general.push(t.account_change_throttled(t.span(wait)));
            Ok(form::throttled(&user, page, wait))
        }
        Err(ChangePasswordError::NotAllowed) => Err(PageError::NotFound),
        Err(ChangePasswordError::Engine(error)) => Err(error.into()),
        Err(ChangePasswordError::Store(error)) => Err(error.into()),
    }
}

/// What this browser is signed in with: the session of the account pages, and that of the same user in the admin.
pub(super) async fn own_session(
    app: &App,
    request: &HttpRequest,
    user: &AccountUser,
) -> Result<OwnSession, PageError> {
    let admin = admin_session(app, request).await?;
    let admin = admin.filter(|(administrator, ..)| administrator.id == user.user.id).map(|(_, _, key)| key);
    let session = match &user.session {
        AccountSession::Browser(browser) => Some(browser.session.id),
        AccountSession::Admin(_) | AccountSession::View(_) => None,
    };
    Ok(OwnSession::Browser { session, admin })
}

fn invalid(user: &AccountUser, page: SecurityPage) -> HttpResponse {
    user.render(Page::new(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
}

async fn page_for(app: &App, user: &AccountUser) -> Result<SecurityPage, PageError> {
    let id = user.user.id;
    let last_changed = app.store.read(move |conn| user_activity::last_password_change(conn, id)).await?;
    let layout = user.layout();
    let may_change = app.config.account.allows(AccountPart::Password);
    Ok(SecurityPage {
        site: SiteView::of(app),
        has_form: may_change && !user.session.is_view(),
        may_change,
        last_changed: last_changed.map(|moment| layout.when(moment)),
        min_length: app.config.password.min_length,
        note: None,
        general: Vec::new(),
        old_password: Vec::new(),
        errors: AccountErrors::default(),
        layout,
    })
}
