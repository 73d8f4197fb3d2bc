//! `/account`: the name and the email address of the user, and what is confirmed.

use actix_web::HttpResponse;
use askama::Template;

use crate::account::area::AccountUser;
use crate::types::User;
use crate::web::layout::Layout;
use crate::web::{Page, When};

#[derive(Template)]
#[template(path = "account/profile.html")]
struct ProfilePage {
    layout: Layout,
    user: User,
    created: When,
    last_sign_in: Option<When>,
}

/// `GET /account`.
pub(crate) async fn page(user: AccountUser) -> HttpResponse {
    let layout = user.layout();
    let page = ProfilePage {
        created: layout.when(user.user.created_at),
        last_sign_in: user.user.last_login_at.map(|moment| layout.when(moment)),
        user: user.user.clone(),
        layout,
    };
    user.render(Page::new(page))
}
