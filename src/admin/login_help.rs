//! `/admin/login-help`: explains why a login fails, for what was typed. The page of a user has the same answer.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::{self, LoginFinding};
use crate::admin::flash::{Done, Flash};
use crate::admin::login_panel::{FROM_USER, LoginPanel, WHO};
use crate::admin::session::{Administrator, Post};
use crate::admin::users::query::{LIST as USERS, UserQuery};
use crate::admin::users::user_form;
use crate::app::App;
use crate::store::Conn;
use crate::store::queries::similar_names::{self, SimilarNames};
use crate::types::{Identifier, UserId, trim_for_search, trimmed};
use crate::web::layout::{Layout, see_other};
use crate::web::lists::count_users;
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
    is_unknown: bool,
    is_invited: bool,
    /// The accounts with this identifier, or with nearly this one: name and path.
    users: Vec<(String, String)>,
    /// Similar names where there is no account: a name as typed at a login, and the path of its answer.
    similar_users: Vec<(String, String)>,
    /// Similar addresses with an open invitation, in the same way.
    similar_invitations: Vec<(String, String)>,
    /// How many users contain what was typed where there is no account, and the path of their list.
    containing: Option<(String, String)>,
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
    let (similar, count) = if is_unknown {
        let (typed, now) = (identifier.to_owned(), admin.now);
        let read =
            move |conn: &mut Conn| Ok((similar_names::find(conn, &typed, now)?, count_users(conn, &typed)?));
        app.store.read_aside(read).await?
    } else {
        (SimilarNames::default(), 0)
    };
    let list = || UserQuery { term: identifier.to_owned(), ..UserQuery::default() }.path(USERS);
    let account = |id, name: &str| (name.to_owned(), user_form::path_of(id));
    let meant = explanation.findings.iter().filter_map(|finding| match finding {
        LoginFinding::WrongCase(id, name) | LoginFinding::InvisibleCharacters(id, name) => {
            Some(account(*id, name))
        }
        _ => None,
    });
    let links = |names: Vec<String>| {
        names.into_iter().map(|name| (name.clone(), path_for(&name))).collect::<Vec<_>>()
    };
    Ok(LoginHelpAnswer {
        is_unknown,
        panel: LoginPanel::new(&explanation, admin.t, admin.now, identifier, None),
        is_invited: explanation.findings.iter().any(|finding| matches!(finding, LoginFinding::Invited(..))),
        users: explanation
            .users
            .iter()
            .map(|user| account(user.id, user.username.as_str()))
            .chain(meant)
            .collect(),
        similar_users: links(similar.users),
        similar_invitations: links(similar.invitations),
        containing: (count > 0).then(|| (admin.t.users_contain(count), list())),
    })
}
