//! `/account/name`: changes the username.

use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::account::area::{AccountPost, AccountUser};
use crate::account::form;
use crate::account::navigation::HOME;
use crate::account::notice::AccountNotice;
use crate::accounts::{self, UpdateUserError, UserUpdate};
use crate::app::App;
use crate::config::AccountPart;
use crate::types::Username;
use crate::web::form_page::{Field, FormPage};
use crate::web::{AccountErrors, PageError, username};

/// `GET /account/name`.
pub(crate) async fn form(app: Data<App>, user: AccountUser) -> Result<HttpResponse, PageError> {
    form::check_may_change(&app, &user, AccountPart::Name)?;
    let name = user.user.username.to_string();
    Ok(page(&user, name, AccountErrors::default()).render_for(&user))
}

/// `POST /account/name`.
pub(crate) async fn submit(app: Data<App>, post: AccountPost) -> Result<HttpResponse, PageError> {
    let AccountPost { sender: user, form } = post;
    form::check_may_change(&app, &user, AccountPart::Name)?;
    let typed = form.get("username").to_owned();
    let name = match username(user.t, &form) {
        Ok(name) => name,
        Err(errors) => return Ok(page(&user, typed, errors).render_for(&user)),
    };
    if name == user.user.username {
        return Ok(user.redirect(HOME, &AccountNotice::Unchanged));
    }
    let update = UserUpdate { username: Some(name), email: None };
    match accounts::update_user(&app, &user.user, update, None, &user.actor).await {
        Ok(()) => Ok(user.redirect(HOME, &AccountNotice::NameChanged)),
        Err(UpdateUserError::Taken(taken)) => {
            Ok(page(&user, typed, AccountErrors::taken(user.t, &taken)).render_for(&user))
        }
        Err(UpdateUserError::Throttled(wait)) => {
            let text = user.t.account_change_throttled(user.t.span(wait));
            let page = page(&user, typed, AccountErrors::default()).with_error(text);
            Ok(form::throttled(&user, page, wait))
        }
        Err(error) => Err(error.into()),
    }
}

fn page(user: &AccountUser, name: String, errors: AccountErrors) -> FormPage {
    let t = user.t;
    let mut page = form::page(user, t.account_change_name(), t.account_save(), "/account/name");
    page.fields = vec![Field {
        id: "username",
        label: t.account_new_name(),
        hint: t.username_hint().into(),
        kind: "text",
        autocomplete: "username",
        value: name,
        max: Username::MAX_CHARS.to_string(),
        errors: errors.username.into_iter().chain(errors.email).collect(),
        ..Field::default()
    }];
    page
}
