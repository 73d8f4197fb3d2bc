//! `/account/email`: changes the email address, with the password; and `/account/email/resend`: sends the email
//! that confirms it again.

use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::account::area::{AccountPost, AccountUser};
use crate::account::form;
use crate::account::navigation::HOME;
use crate::account::notice::AccountNotice;
use crate::accounts::{self, MailRequest, RequestMailError, UpdateUserError, UserUpdate};
use crate::app::App;
use crate::config::AccountPart;
use crate::types::{Email, Password, trimmed};
use crate::web::form_page::{Field, FormPage};
use crate::web::layout::see_other;
use crate::web::{AccountErrors, OLD_PASSWORD, PageError, email};

/// `GET /account/email`.
pub(crate) async fn form(app: Data<App>, user: AccountUser) -> Result<HttpResponse, PageError> {
    form::check_may_change(&app, &user, AccountPart::Email)?;
    Ok(page(&app, &user, String::new(), AccountErrors::default()).render_for(&user))
}

/// `POST /account/email`.
pub(crate) async fn submit(app: Data<App>, post: AccountPost) -> Result<HttpResponse, PageError> {
    let AccountPost { sender: user, form } = post;
    form::check_may_change(&app, &user, AccountPart::Email)?;
    let (t, typed) = (user.t, form.get("email").to_owned());
    let password = trimmed(form.get(OLD_PASSWORD));
    let missing = if password.is_empty() { vec![t.field_is_empty().to_owned()] } else { Vec::new() };
    let email = match email(t, &form) {
        Ok(email) if missing.is_empty() => email,
        other => {
            let errors = other.err().unwrap_or_default();
            let errors = AccountErrors { password: missing, ..errors };
            return Ok(page(&app, &user, typed, errors).render_for(&user));
        }
    };
    if email == user.user.email {
        return Ok(user.redirect(HOME, &AccountNotice::Unchanged));
    }
    let update = UserUpdate { username: None, email: Some(email) };
    let password = Password::new(password.to_owned());
    let invalid = |errors| Ok(page(&app, &user, typed.clone(), errors).render_for(&user));
    match accounts::update_user(&app, &user.user, update, Some(password), &user.actor).await {
        Ok(()) => Ok(user.redirect(HOME, &AccountNotice::EmailChanged)),
        Err(UpdateUserError::Taken(taken)) => invalid(AccountErrors::taken(t, &taken)),
        Err(UpdateUserError::WrongPassword | UpdateUserError::PasswordMissing) => {
            let password = vec![t.reauthenticate_wrong().to_owned()];
            invalid(AccountErrors { password, ..AccountErrors::default() })
        }
        Err(UpdateUserError::Throttled(wait)) => {
            let text = t.account_change_throttled(t.span(wait));
            let page = page(&app, &user, typed, AccountErrors::default()).with_error(text);
            Ok(form::throttled(&user, page, wait))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /account/email/resend`.
pub(crate) async fn resend(app: Data<App>, post: AccountPost) -> Result<HttpResponse, PageError> {
    let user = post.sender;
    if user.user.is_email_confirmed {
        return Ok(user.redirect(HOME, &AccountNotice::ConfirmedAlready));
    }
    let email = user.user.email.clone();
    match accounts::request_mail(&app, MailRequest::ConfirmEmail, email, &user.actor).await {
        Ok(()) => Ok(user.redirect(HOME, &AccountNotice::ConfirmationSent)),
        Err(RequestMailError::Throttled(wait)) => {
            let text = user.t.forgot_throttled(user.t.span(wait));
            let page = form::page(&user, user.t.account_resend(), "", HOME).with_error(text);
            Ok(form::throttled(&user, page, wait))
        }
        Err(RequestMailError::Store(error)) => Err(error.into()),
    }
}

/// `GET /account/email/resend`, where signing in leads when the session ended before the click.
pub(crate) async fn to_account(_: AccountUser) -> HttpResponse {
    see_other(HOME).finish()
}

fn page(app: &App, user: &AccountUser, email: String, errors: AccountErrors) -> FormPage {
    let t = user.t;
    let mut page = form::page(user, t.account_change_email(), t.account_save(), "/account/email");
    let lead = match app.current().mail.is_sent() {
        true => t.account_email_lead(),
        false => t.account_email_without_mail(),
    };
    page.lead.push(lead.to_owned());
    page.fields = vec![
        Field {
            id: "email",
            label: t.account_new_email(),
            kind: "email",
            autocomplete: "email",
            value: email,
            max: Email::MAX_CHARS.to_string(),
            errors: errors.email.into_iter().chain(errors.username).collect(),
            ..Field::default()
        },
        Field {
            id: OLD_PASSWORD,
            label: t.account_current_password(),
            kind: "password",
            autocomplete: "current-password",
            errors: errors.password,
            ..Field::default()
        },
    ];
    page
}
