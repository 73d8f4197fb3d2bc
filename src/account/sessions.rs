//! `/account/sessions`: where the user is signed in; ending one session, or all others.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::account::area::{AccountPost, AccountSession, AccountUser, admin_session};
use crate::account::notice::AccountNotice;
use crate::account::security::own_session;
use crate::accounts::{self, AccountError};
use crate::app::App;
use crate::web::layout::{Layout, see_other};
use crate::web::open_sessions::{OpenSession, OpenSessions, ThisBrowser, session_of};
use crate::web::{Page, PageError};

const PATH: &str = "/account/sessions";

/// The most sessions of each kind on the page, the last used ones.
const PAGE_LIMIT: usize = 50;

#[derive(Template)]
#[template(path = "account/sessions.html")]
struct SessionsPage {
    layout: Layout,
    sessions: Vec<OpenSession>,
    /// How many are displayed, if there are more.
    limit: Option<usize>,
    is_view: bool,
}

/// `GET /account/sessions`.
pub(crate) async fn page(
    app: Data<App>,
    request: HttpRequest,
    user: AccountUser,
) -> Result<HttpResponse, PageError> {
    let this = ThisBrowser {
        admin: admin_session(&app, &request).await?.map(|(_, session, _)| session),
        session: match &user.session {
            AccountSession::Browser(browser) => Some(browser.session.id),
            AccountSession::Admin(_) | AccountSession::View(_) => None,
        },
    };
    let layout = user.layout();
    let open = OpenSessions::load(&app, user.user.id, PAGE_LIMIT, &this, &layout).await?;
    let is_view = user.session.is_view();
    let limit = open.has_more.then_some(PAGE_LIMIT);
    Ok(user.render(Page::new(SessionsPage { layout, sessions: open.sessions, limit, is_view })))
}

/// `POST /account/sessions/end`: ends one session. That of this browser is ended by signing out.
pub(crate) async fn end(app: Data<App>, post: AccountPost) -> Result<HttpResponse, PageError> {
    let AccountPost { sender: user, form } = post;
    let session = session_of(&form).ok_or(PageError::NotFound)?;
    match accounts::end_session(&app, user.user.id, session, &user.actor).await {
        Ok(()) => Ok(user.redirect(PATH, &AccountNotice::SessionEnded)),
        Err(AccountError::NotFound) => Ok(user.redirect(PATH, &AccountNotice::SessionGone)),
        Err(error) => Err(error.into()),
    }
}

/// `POST /account/sessions/end-others`: ends all sessions but those of this browser.
pub(crate) async fn end_others(
    app: Data<App>,
    request: HttpRequest,
    post: AccountPost,
) -> Result<HttpResponse, PageError> {
    let user = post.sender;
    let own = own_session(&app, &request, &user).await?;
    accounts::end_other_sessions(&app, user.user.id, own, &user.actor).await?;
    Ok(user.redirect(PATH, &AccountNotice::OthersEnded))
}

/// `GET` of the actions, where signing in leads when the session ended before the click.
pub(crate) async fn to_page(_: AccountUser) -> HttpResponse {
    see_other(PATH).finish()
}
