//! `/admin/users/{id}/reset-link`: a link with which whoever has it sets a password, once, to hand on
//! by other means than mail. Shown on the answer and never again.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use askama::Template;

use super::form_page::FormPage;
use super::found;
use super::guard::{Administrator, Post, RecentlyAuthenticated, RecentlyAuthenticatedPost};
use super::shell::{Layout, Section};
use crate::accounts::{self, AccountError};
use crate::app::App;
use crate::html::{Page, PageError, When};
use crate::mail::MessageKind;
use crate::types::User;

#[derive(Template)]
#[template(path = "admin/user_link.html")]
struct ResetLinkPage {
    shell: Layout,
    trail: Vec<(String, String)>,
    user: User,
    link: String,
    expires: When,
}

/// `GET`: what it does.
///
/// # Errors
/// If there is no such user, or the store fails.
pub async fn form(
    app: Data<App>,
    admin: RecentlyAuthenticated,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let user = found::user(&app, *id).await?;
    Ok(page(&admin.0, &user).show(&admin.0))
}

/// `POST`: makes the link. Not a redirect: no other page could show it. The same form once more, as by
/// loading the page again, makes no other link, which would end this one.
///
/// # Errors
/// If there is no such user, or the store fails.
pub async fn submit(
    app: Data<App>,
    post: RecentlyAuthenticatedPost,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let Post { admin, form } = post.0;
    let user = found::user(&app, *id).await?;
    if !user.is_active {
        return Ok(page(&admin, &user).show(&admin));
    }
    let key = match accounts::make_reset_key(&app, found::as_seen(&form, user.id), &admin.actor).await {
        Ok(key) => key,
        Err(AccountError::Changed) => {
            let user = found::user(&app, *id).await?;
            return Ok(page(&admin, &user).refused(admin.t.link_meanwhile().to_owned()).show(&admin));
        }
        Err(error) => return Err(error.into()),
    };
    let shell = admin.shell(Section::Users);
    let lifetime = MessageKind::ResetPassword.key_lifetime().unwrap_or_default();
    let page = ResetLinkPage {
        trail: vec![
            (shell.t.users_heading().to_owned(), "/admin/users/".to_owned()),
            (user.username.to_string(), found::page_of(user.id)),
        ],
        link: format!("{}/reset-password/{}", app.config.public_url.origin(), key.expose()),
        expires: shell.until(admin.now.plus(lifetime)),
        user,
        shell,
    };
    Ok(admin.answer(Page::new(page)))
}

fn page(admin: &Administrator, user: &User) -> FormPage {
    let t = admin.t;
    let submit = if user.is_active { t.link_submit() } else { "" };
    let mut page = FormPage::about(admin, user, t.link_heading(&user.username), submit, "reset-link");
    page.lead.push(if user.is_active { t.link_lead() } else { t.link_inactive() }.to_owned());
    page
}
