//! `/admin/users/{id}/reset-link`: a link with which whoever has it sets a password, once, to hand on
//! by other means than mail. Shown on the answer and never again.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use askama::Template;

use crate::accounts::{self, AccountError};
use crate::admin::users::current_user_form;
use crate::app::App;
use crate::types::{Link, User};
use crate::web::form_page::FormPage;
use crate::web::layout::{Layout, Section};
use crate::web::session::guard::{Administrator, Post, RecentlyAuthenticated, RecentlyAuthenticatedPost};
use crate::web::{Page, PageError, When};

#[derive(Template)]
#[template(path = "admin/users/reset_link.html")]
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
pub(crate) async fn form(
    app: Data<App>,
    admin: RecentlyAuthenticated,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let user = current_user_form::user(&app, *id).await?;
    Ok(page(&admin.0, &user).show(&admin.0))
}

/// `POST`: makes the link. Not a redirect: no other page could show it. The same form once more, as by
/// loading the page again, makes no other link, which would end this one.
///
/// # Errors
/// If there is no such user, or the store fails.
pub(crate) async fn submit(
    app: Data<App>,
    post: RecentlyAuthenticatedPost,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let Post { admin, form } = post.0;
    let user = current_user_form::user(&app, *id).await?;
    if !user.is_active {
        return Ok(page(&admin, &user).show(&admin));
    }
    let key = match accounts::make_reset_key(&app, current_user_form::as_seen(&form, user.id), &admin.actor)
        .await
    {
        Ok(key) => key,
        Err(AccountError::Changed) => {
            let user = current_user_form::user(&app, *id).await?;
            return Ok(page(&admin, &user).refused(admin.t.link_meanwhile().to_owned()).show(&admin));
        }
        Err(error) => return Err(error.into()),
    };
    let shell = admin.shell(Section::Users);
    let page = ResetLinkPage {
        trail: vec![
            (shell.t.users_heading().to_owned(), "/admin/users/".to_owned()),
            (user.username.to_string(), current_user_form::page_of(user.id)),
        ],
        link: Link::ResetPassword.url(app.config.public_url.origin(), &key),
        expires: shell.until(admin.now.plus(Link::ResetPassword.lifetime())),
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
