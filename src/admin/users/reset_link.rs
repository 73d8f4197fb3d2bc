//! `/admin/users/{id}/reset-link`: creates a link that sets a new password once, to be passed on by other means
//! than mail. The response displays the link, and no other page does.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use askama::Template;

use crate::accounts::{self, AccountError};
use crate::admin::session::{Administrator, Post, RecentlyAuthenticated, RecentlyAuthenticatedPost};
use crate::admin::users::query::LIST;
use crate::admin::users::user_form;
use crate::app::App;
use crate::types::{Link, User};
use crate::web::form_page::FormPage;
use crate::web::layout::Layout;
use crate::web::{Page, PageError, When};

#[derive(Template)]
#[template(path = "admin/users/reset_link.html")]
struct ResetLinkPage {
    layout: Layout,
    trail: Vec<(String, String)>,
    user: User,
    link: String,
    expires: When,
}

/// `GET`.
pub(crate) async fn form(
    app: Data<App>,
    admin: RecentlyAuthenticated,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let user = user_form::user(&app, *id).await?;
    Ok(page(&admin.0, &user).render_for(&admin.0))
}

/// `POST`: creates the link. No redirect follows, because no other page can display the link. Sending the form
/// again, as "reload" does, creates no second link, which would revoke the first.
pub(crate) async fn submit(
    app: Data<App>,
    post: RecentlyAuthenticatedPost,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let Post { sender: admin, form } = post.0;
    let user = user_form::user(&app, *id).await?;
    if !user.is_active {
        return Ok(page(&admin, &user).render_for(&admin));
    }
    let key = match accounts::make_reset_key(&app, user_form::user_at_version(&form, user.id), &admin.actor)
        .await
    {
        Ok(key) => key,
        Err(AccountError::Changed) => {
            let user = user_form::user(&app, *id).await?;
            return Ok(page(&admin, &user).with_error(admin.t.link_conflict().to_owned()).render_for(&admin));
        }
        Err(error) => return Err(error.into()),
    };
    let layout = admin.layout();
    let page = ResetLinkPage {
        trail: vec![
            (layout.t.users_heading().to_owned(), admin.back.to(LIST)),
            (user.username.to_string(), user_form::path_of(user.id)),
        ],
        link: Link::ResetPassword.url(app.config.public_url.origin(), &key),
        expires: layout.until(admin.now.plus(Link::ResetPassword.lifetime())),
        user,
        layout,
    };
    Ok(admin.render(Page::new(page)))
}

fn page(admin: &Administrator, user: &User) -> FormPage {
    let t = admin.t;
    let submit = if user.is_active { t.link_submit() } else { "" };
    let mut page = user_form::page_about(admin, user, t.link_heading(&user.username), submit, "reset-link");
    page.lead.push(if user.is_active { t.link_lead() } else { t.link_inactive() }.to_owned());
    page
}
