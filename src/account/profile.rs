//! `/account`: the name and the email address of the user, and what is confirmed.

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;

use crate::account::area::AccountUser;
use crate::app::App;
use crate::config::AccountPart;
use crate::store::queries::user_activity;
use crate::types::User;
use crate::web::layout::Layout;
use crate::web::{Page, PageError, When};

#[derive(Template)]
#[template(path = "account/profile.html")]
struct ProfilePage {
    layout: Layout,
    user: User,
    created: When,
    last_sign_in: Option<When>,
    may_change_name: bool,
    may_change_email: bool,
    may_change_password: bool,
    password_changed: Option<When>,
    is_view: bool,
    /// Whether this server can send emails.
    is_mail_sent: bool,
}

/// `GET /account`.
pub(crate) async fn page(app: Data<App>, user: AccountUser) -> Result<HttpResponse, PageError> {
    let id = user.user.id;
    let password_changed = app.store.read(move |conn| user_activity::last_password_change(conn, id)).await?;
    let layout = user.layout();
    let is_view = user.session.is_view();
    let may = |part| app.config.account.allows(part) && !is_view;
    let page = ProfilePage {
        created: layout.when(user.user.created_at),
        last_sign_in: user.user.last_login_at.map(|moment| layout.when(moment)),
        may_change_name: may(AccountPart::Name),
        may_change_email: may(AccountPart::Email),
        may_change_password: may(AccountPart::Password),
        password_changed: password_changed.map(|moment| layout.when(moment)),
        is_view,
        is_mail_sent: app.current().mail.is_sent(),
        user: user.user.clone(),
        layout,
    };
    Ok(user.render(Page::new(page)))
}
