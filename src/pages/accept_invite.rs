//! `/accept-invite/{key}`: making the account that one was invited to make.

use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::link;
use crate::accounts::{self, AcceptInviteError, ActorKind, CreateUserError};
use crate::app::App;
use crate::http;
use crate::store::Unique;
use crate::texts::Lang;
use crate::types::{Email, Link, OneTimeKey, Password, Username};
use crate::web::{Page, PageError, PageForm, PasswordErrors, language, new_password, refuse_cross_site};

#[derive(Template)]
#[template(path = "pages/accept_invite.html")]
struct AcceptInvitePage<'a> {
    t: Lang,
    site: &'a str,
    email: &'a str,
    username: &'a str,
    errors: AcceptInviteErrors,
}

#[derive(Template)]
#[template(path = "pages/accept_invite_done.html")]
struct AcceptInviteDonePage<'a> {
    t: Lang,
    site: &'a str,
}

/// What is wrong, by field.
#[derive(Debug, Default)]
struct AcceptInviteErrors {
    username: Vec<String>,
    of_password: PasswordErrors,
}

impl AcceptInviteErrors {
    fn is_empty(&self) -> bool {
        self.username.is_empty() && self.of_password.is_empty()
    }
}

/// `GET /accept-invite/{key}`: the form, or 404 and what to do.
///
/// # Errors
/// If the store fails.
pub(crate) async fn form(
    app: Data<App>,
    request: HttpRequest,
    key: Path<String>,
) -> Result<HttpResponse, PageError> {
    let t = language(&request);
    Ok(match invited(&app, &key).await? {
        Some((_, email)) => link::page(AcceptInvitePage {
            t,
            site: link::site(&app),
            email: email.as_str(),
            username: "",
            errors: AcceptInviteErrors::default(),
        }),
        None => link::gone(&app, t, Link::Invite),
    })
}

/// `POST /accept-invite/{key}`: makes the account and goes on to [`done`], or shows the form again
/// (422) with what was wrong.
///
/// # Errors
/// If the form comes from another site or cannot be read, if the engine is busy, or if the store fails.
pub(crate) async fn submit(
    app: Data<App>,
    request: HttpRequest,
    key: Path<String>,
    body: Payload,
) -> Result<HttpResponse, PageError> {
    refuse_cross_site(&request)?;
    let t = language(&request);
    let Some((key, email)) = invited(&app, &key).await? else {
        return Ok(link::gone(&app, t, Link::Invite));
    };
    let form = PageForm::read(&request, body).await?;
    let again = |errors| {
        let typed = form.get("username");
        Ok(link::again(AcceptInvitePage {
            t,
            site: link::site(&app),
            email: email.as_str(),
            username: typed,
            errors,
        }))
    };
    let (username, password) = match parse(t, &form) {
        Ok(fields) => fields,
        Err(errors) => return again(errors),
    };
    let by = http::actor(&request, ActorKind::MailLink);
    match accounts::accept_invite(&app, key, username, password, &by).await {
        Ok(_) => Ok(link::see_other(&Link::Invite.done_path())),
        Err(AcceptInviteError::Key(error)) => link::refused(&app, t, error, Link::Invite),
        // Somebody has made an account with this address meanwhile.
        Err(AcceptInviteError::Create(
            CreateUserError::Taken(Unique::Email) | CreateUserError::Ambiguous(Unique::Email),
        )) => Ok(link::gone(&app, t, Link::Invite)),
        Err(AcceptInviteError::Create(error)) => again(of_refusal(t, error)?),
    }
}

/// `GET /accept-invite/done`.
pub(crate) async fn done(app: Data<App>, request: HttpRequest) -> HttpResponse {
    Page::new(AcceptInviteDonePage { t: language(&request), site: link::site(&app) }).into_response()
}

async fn invited(app: &App, text: &str) -> Result<Option<(OneTimeKey, Email)>, PageError> {
    let Some(key) = OneTimeKey::parse(text) else { return Ok(None) };
    Ok(accounts::invited_email(app, &key).await?.map(|email| (key, email)))
}

fn parse(t: Lang, form: &PageForm) -> Result<(Username, Password), AcceptInviteErrors> {
    match (Username::parse(form.get("username")), new_password(t, form)) {
        (Ok(username), Ok(password)) => Ok((username, password)),
        (username, password) => Err(AcceptInviteErrors {
            username: match username {
                Ok(_) => Vec::new(),
                Err(error) => error.rules().iter().map(|rule| t.username_rule(*rule)).collect(),
            },
            of_password: password.err().unwrap_or_default(),
        }),
    }
}

/// What a person can mend of a refused account; the rest is a page of its own.
fn of_refusal(t: Lang, error: CreateUserError) -> Result<AcceptInviteErrors, PageError> {
    let username =
        |text: &str| AcceptInviteErrors { username: vec![text.to_owned()], ..AcceptInviteErrors::default() };
    match error {
        CreateUserError::Weak(violations) => Ok(AcceptInviteErrors {
            of_password: PasswordErrors::weak(t, &violations),
            ..AcceptInviteErrors::default()
        }),
        CreateUserError::Taken(_) => Ok(username(t.username_taken())),
        CreateUserError::Ambiguous(_) => Ok(username(t.username_ambiguous())),
        CreateUserError::Engine(error) => Err(error.into()),
        CreateUserError::Store(error) => Err(error.into()),
    }
}
