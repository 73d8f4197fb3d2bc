//! `/admin/login-help`: explains why a login fails.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use url::form_urlencoded::byte_serialize;

use crate::accounts::{self, LoginFinding};
use crate::admin::flash::{Done, Flash};
use crate::admin::session::{Administrator, Post};
use crate::admin::users::user_form;
use crate::app::App;
use crate::types::{Identifier, trim_for_search, trimmed};
use crate::web::layout::{Layout, see_other};
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
    is_hopeless: bool,
    verdict: &'static str,
    is_invited: bool,
    /// Whether clearing rate limits helps.
    can_unblock: bool,
    findings: Vec<(bool, String)>,
    /// The accounts with this identifier: name and path.
    users: Vec<(String, String)>,
}

/// `GET`; with `?who=…` the page has the answer.
pub(crate) async fn page(
    app: Data<App>,
    request: HttpRequest,
    admin: Administrator,
) -> Result<HttpResponse, PageError> {
    let query = PageForm::of_query(request.query_string());
    // Trimmed as a login trims it: invisible characters stay, and the answer names them.
    let identifier = trimmed(query.get("who")).to_owned();
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

/// `POST /admin/login-help/unblock`: clears the rate limits of an identifier.
pub(crate) async fn unblock(app: Data<App>, post: Post) -> Result<HttpResponse, PageError> {
    let who = trimmed(post.form.get("who")).to_owned();
    accounts::unblock(&app, &who, &post.sender.actor).await?;
    let query: String = byte_serialize(who.as_bytes()).collect();
    Ok(post.sender.redirect(&format!("{LOGIN_HELP}?who={query}"), &Flash::One(Done::Unblocked, who)))
}

async fn explain(app: &App, admin: &Administrator, identifier: &str) -> Result<LoginHelpAnswer, PageError> {
    let explanation = accounts::explain_login(app, Identifier::new(identifier)).await?;
    let text = |finding: &LoginFinding| (finding.is_obstacle(), finding.text(admin.t, admin.now));
    Ok(LoginHelpAnswer {
        is_hopeless: explanation.is_hopeless(),
        verdict: explanation.verdict(admin.t),
        is_invited: explanation.findings.iter().any(|finding| matches!(finding, LoginFinding::Invited(..))),
        can_unblock: explanation.findings.iter().any(LoginFinding::is_rate_limit),
        findings: explanation.findings.iter().map(text).collect(),
        users: explanation
            .users
            .iter()
            .map(|user| (user.username.to_string(), user_form::path_of(user.id)))
            .collect(),
    })
}
