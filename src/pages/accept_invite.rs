//! `/accept-invite/{key}`: creates the account of an invitation.

use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::{self, AcceptInviteError, ActorKind, CreateUserError};
use crate::app::App;
use crate::http;
use crate::pages::link;
use crate::store::Unique;
use crate::texts::Lang;
use crate::types::{Email, Link, OneTimeKey};
use crate::web::{
    AccountErrors, Page, PageError, SiteView, both, key_page, language, new_password, username,
};

#[derive(Template)]
#[template(path = "pages/accept_invite.html")]
struct AcceptInvitePage<'a> {
    t: Lang,
    site: SiteView,
    email: &'a str,
    username: &'a str,
    min_length: usize,
    errors: AccountErrors,
}

#[derive(Template)]
#[template(path = "pages/accept_invite_done.html")]
struct AcceptInviteDonePage {
    t: Lang,
    site: SiteView,
}

/// `GET /accept-invite/{key}`: the form, or 404 with advice.
pub(crate) async fn form(
    app: Data<App>,
    request: HttpRequest,
    key: Path<String>,
) -> Result<HttpResponse, PageError> {
    let t = language(&request);
    Ok(match invited(&app, &key).await? {
        Some((_, email)) => key_page::render(AcceptInvitePage {
            t,
            site: SiteView::of(&app),
            email: email.as_str(),
            username: "",
            min_length: app.config.password.min_length,
            errors: AccountErrors::default(),
        }),
        None => link::gone(&app, t, Link::Invite),
    })
}

/// `POST /accept-invite/{key}`: creates the account and redirects to [`done`], or renders the form again with the
/// errors (422).
pub(crate) async fn submit(
    app: Data<App>,
    request: HttpRequest,
    key: Path<String>,
    body: Payload,
) -> Result<HttpResponse, PageError> {
    let t = language(&request);
    let Some(((key, email), form)) = key_page::read_form(&request, body, invited(&app, &key)).await? else {
        return Ok(link::gone(&app, t, Link::Invite));
    };
    let invalid = |errors| {
        let (site, email, username) = (SiteView::of(&app), email.as_str(), form.get("username"));
        let min_length = app.config.password.min_length;
        Ok(key_page::render_invalid(AcceptInvitePage { t, site, email, username, min_length, errors }))
    };
    let (username, password) = match both(username(t, &form), new_password(t, &form)) {
        Ok(fields) => fields,
        Err(errors) => return invalid(errors),
    };
    let by = http::actor(&request, ActorKind::MailLink);
    match accounts::accept_invite(&app, key, username, password, &by).await {
        Ok(_) => Ok(key_page::redirect(&Link::Invite.done_path())),
        Err(AcceptInviteError::Key(error)) => link::refused(&app, t, error, Link::Invite),
        // An account with this email has been created in the meantime.
        Err(AcceptInviteError::Create(
            CreateUserError::Taken(Unique::Email) | CreateUserError::Ambiguous(Unique::Email),
        )) => Ok(link::gone(&app, t, Link::Invite)),
        Err(AcceptInviteError::Create(error)) => invalid(AccountErrors::refused(t, error)?),
    }
}

/// `GET /accept-invite/done`.
pub(crate) async fn done(app: Data<App>, request: HttpRequest) -> HttpResponse {
    Page::new(AcceptInviteDonePage { t: language(&request), site: SiteView::of(&app) }).into_response()
}

/// The key of an open invitation, and the invited email.
async fn invited(app: &App, text: &str) -> Result<Option<(OneTimeKey, Email)>, PageError> {
    let Some(key) = OneTimeKey::parse(text) else { return Ok(None) };
    Ok(accounts::invited_email(app, &key).await?.map(|email| (key, email)))
}
