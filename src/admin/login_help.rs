//! `/admin/login-help`: explains why a login fails, for what was typed. The page of a user has the same answer.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::{self, LoginFinding};
use crate::admin::flash::{Done, Flash};
use crate::admin::login_panel::{FROM_USER, LoginPanel, WHO};
use crate::admin::session::{Administrator, Post};
use crate::admin::users::user_form;
use crate::app::App;
use crate::store::queries::similar_names::{self, SimilarNames};
use crate::types::{Identifier, UserId, trim_for_search, trimmed};
use crate::web::layout::{Layout, see_other};
use crate::web::session::return_to::encode;
use crate::web::{Page, PageError, PageForm};

/// The path of the page.
const LOGIN_HELP: &str = "/admin/login-help";

#[derive(Template)]
#[template(path = "admin/login_help.html")]
struct HelpPage {
    layout: Layout,
    /// The typed identifier.
    identifier: String,
    answer: Option<LoginHelpAnswer>,
}

struct LoginHelpAnswer {
    panel: LoginPanel,
    is_invited: bool,
    /// The accounts with this identifier: name and path.
    users: Vec<(String, String)>,
    /// Similar names where there is no account: a name as typed at a login, and the path of its answer.
    similar_users: Vec<(String, String)>,
    /// Similar addresses with an open invitation, in the same way.
    similar_invitations: Vec<(String, String)>,
}

/// `GET`; with `?who=…` the page has the answer.
pub(crate) async fn page(
    app: Data<App>,
    request: HttpRequest,
    admin: Administrator,
) -> Result<HttpResponse, PageError> {
    let query = PageForm::of_query(request.query_string());
    // Trimmed as a login trims it: invisible characters stay, and the answer names them.
    let identifier = trimmed(query.get(WHO)).to_owned();
    let answer = if trim_for_search(&identifier).is_empty() {
        None
    } else {
        Some(explain(&app, &admin, &identifier).await?)
    };
    Ok(admin.render(Page::new(HelpPage { layout: admin.layout(), identifier, answer })))
}

/// `GET …/unblock`, where signing in leads when the session ended before the click: redirects to the page.
pub(crate) async fn to_page(_: Administrator) -> HttpResponse {
    see_other(LOGIN_HELP).finish()
}

/// `POST /admin/login-help/unblock`: clears the rate limits of an identifier, and leads back to the page of the
/// user or to this one.
pub(crate) async fn unblock(app: Data<App>, post: Post) -> Result<HttpResponse, PageError> {
    let who = trimmed(post.form.get(WHO)).to_owned();
    accounts::unblock(&app, &who, &post.sender.actor).await?;
    let next = match post.form.get(FROM_USER).parse() {
        Ok(id) => user_form::path_of(UserId::new(id)),
        Err(_) => path_for(&who),
    };
    Ok(post.sender.redirect(&next, &Flash::One(Done::Unblocked, who)))
}

/// The path of the answer for an identifier.
fn path_for(who: &str) -> String {
    format!("{LOGIN_HELP}?{WHO}={}", encode(who))
}

async fn explain(app: &App, admin: &Administrator, identifier: &str) -> Result<LoginHelpAnswer, PageError> {
    let explanation = accounts::explain_login(app, Identifier::new(identifier)).await?;
    let is_unknown = explanation.findings.iter().any(|finding| matches!(finding, LoginFinding::UnknownUser));
    let similar = if is_unknown {
        let (typed, now) = (identifier.to_owned(), admin.now);
        app.store.read_aside(move |conn| similar_names::find(conn, &typed, now)).await?
    } else {
        SimilarNames::default()
    };
    let links = |names: Vec<String>| {
        names.into_iter().map(|name| (name.clone(), path_for(&name))).collect::<Vec<_>>()
    };
    Ok(LoginHelpAnswer {
        panel: LoginPanel::new(&explanation, admin.t, admin.now, identifier, None),
        is_invited: explanation.findings.iter().any(|finding| matches!(finding, LoginFinding::Invited(..))),
        users: explanation
            .users
            .iter()
            .map(|user| (user.username.to_string(), user_form::path_of(user.id)))
            .collect(),
        similar_users: links(similar.users),
        similar_invitations: links(similar.invitations),
    })
}
