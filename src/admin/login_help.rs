//! `/admin/login-help`: explains why a login fails.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::{self, LoginFinding};
use crate::admin::session::Administrator;
use crate::admin::users::user_form;
use crate::app::App;
use crate::types::{Identifier, trim_for_search, trimmed};
use crate::web::layout::Layout;
use crate::web::{Page, PageError, PageForm};

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

async fn explain(app: &App, admin: &Administrator, identifier: &str) -> Result<LoginHelpAnswer, PageError> {
    let explanation = accounts::explain_login(app, Identifier::new(identifier)).await?;
    let text = |finding: &LoginFinding| (finding.is_obstacle(), finding.text(admin.t, admin.now));
    Ok(LoginHelpAnswer {
        is_hopeless: explanation.is_hopeless(),
        verdict: explanation.verdict(admin.t),
        is_invited: explanation.findings.iter().any(|finding| matches!(finding, LoginFinding::Invited(..))),
        findings: explanation.findings.iter().map(text).collect(),
        users: explanation
            .users
            .iter()
            .map(|user| (user.username.to_string(), user_form::path_of(user.id)))
            .collect(),
    })
}
