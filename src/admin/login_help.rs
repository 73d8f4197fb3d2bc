//! `/admin/login-help`: why somebody cannot log in, in words.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::{self, LoginFinding};
use crate::admin::users::current_user_form;
use crate::app::App;
use crate::types::{Identifier, trim_for_search, trimmed};
use crate::web::layout::{Layout, Section};
use crate::web::session::guard::Administrator;
use crate::web::{Page, PageError, PageForm};

#[derive(Template)]
#[template(path = "admin/login_help.html")]
struct HelpPage {
    shell: Layout,
    who: String,
    answer: Option<LoginHelpAnswer>,
}

struct LoginHelpAnswer {
    is_hopeless: bool,
    verdict: &'static str,
    is_invited: bool,
    findings: Vec<(bool, String)>,
    /// The accounts that are meant: name and path.
    users: Vec<(String, String)>,
}

/// `GET`; with `?who=…` the answer, too.
pub(crate) async fn page(
    app: Data<App>,
    request: HttpRequest,
    admin: Administrator,
) -> Result<HttpResponse, PageError> {
    let query = PageForm::of_query(request.query_string());
    // As a login takes it: what nobody sees stays, and is told of.
    let who = trimmed(query.get("who")).to_owned();
    let answer =
        if trim_for_search(&who).is_empty() { None } else { Some(explain(&app, &admin, &who).await?) };
    Ok(admin.answer(Page::new(HelpPage { shell: admin.shell(Section::LoginHelp), who, answer })))
}

async fn explain(app: &App, admin: &Administrator, who: &str) -> Result<LoginHelpAnswer, PageError> {
    let explanation = accounts::explain_login(app, Identifier::new(who)).await?;
    let text = |finding: &LoginFinding| (finding.is_obstacle(), finding.text(admin.t, admin.now));
    Ok(LoginHelpAnswer {
        is_hopeless: explanation.is_hopeless(),
        verdict: explanation.verdict(admin.t),
        is_invited: explanation.findings.iter().any(|finding| matches!(finding, LoginFinding::Invited(..))),
        findings: explanation.findings.iter().map(text).collect(),
        users: explanation
            .users
            .iter()
            .map(|user| (user.username.to_string(), current_user_form::page_of(user.id)))
            .collect(),
    })
}
