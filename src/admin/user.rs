//! `/admin/users/{id}`: one user, what happened to them and what can be done.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use askama::Template;

use super::audit_query::{AuditQuery, LOG};
use super::cut;
use super::found;
use super::guard::Administrator;
use super::mail_row::MailRow;
use super::shell::{Section, Shell};
use super::user_sessions::{self, OpenSessions};
use crate::app::App;
use crate::html::{Page, PageError, When};
use crate::http;
use crate::passwords::format::Encoding;
use crate::store::audit::{self, Action};
use crate::store::mail_list;
use crate::texts::Lang;
use crate::types::User;

/// How many of the last rows of the audit are looked at.
const LOOKED_AT: i64 = 200;

/// How many rows of each kind the page shows.
const SHOWN: usize = 10;

/// What counts as a login.
const LOGINS: [Action; 4] = [Action::LoggedIn, Action::LoginFailed, Action::SignedIn, Action::AdminRefused];

#[derive(Template)]
#[template(path = "admin/user.html")]
struct UserPage {
    shell: Shell,
    trail: Vec<(String, String)>,
    user: User,
    seen: String,
    is_self: bool,
    created: When,
    updated: When,
    last_login: Option<When>,
    hash: String,
    reason: Option<String>,
    open: OpenSessions,
    emails: Vec<Row>,
    logins: Vec<Row>,
    rows: Vec<Row>,
    mails: Vec<MailRow>,
    all: String,
}

/// A row of the audit.
struct Row {
    when: When,
    is_bad: bool,
    /// The client in words.
    client: Option<String>,
    /// What the client calls itself.
    agent: Option<String>,
    row: audit::Row,
}

/// `GET /admin/users/{id}`.
///
/// # Errors
/// If there is no such user, or the store fails.
pub async fn page(app: Data<App>, admin: Administrator, id: Path<i64>) -> Result<HttpResponse, PageError> {
    let user = found::user(&app, *id).await?;
    let id = user.id;
    let open = user_sessions::open(&app, &admin, id).await?;
    let (all, emails) = app
        .store
        .read(move |conn| {
            Ok((audit::about(conn, id, LOOKED_AT)?, audit::about_email(conn, id, SHOWN as i64)?))
        })
        .await?;
    let mails = app.store.read(move |conn| mail_list::about(conn, id, 10)).await?;
    let shell = admin.shell(Section::Users);
    let is_login = |row: &audit::Row| LOGINS.iter().any(|login| login.as_str() == row.action);
    let (logins, rows): (Vec<_>, Vec<_>) = all.into_iter().partition(is_login);
    let shown = |rows: Vec<audit::Row>| rows.into_iter().take(SHOWN).map(|row| shown(row, &shell)).collect();
    let page = UserPage {
        trail: vec![(shell.t.users_heading().to_owned(), "/admin/users/".to_owned())],
        seen: found::seen(&user).1,
        is_self: user.id == admin.user.id,
        created: shell.when(user.created_at),
        updated: shell.when(user.updated_at),
        last_login: user.last_login_at.map(|moment| shell.when(moment)),
        hash: hash(shell.t, &user),
        reason: reason(&user, &rows),
        open,
        emails: shown(emails),
        logins: shown(logins),
        rows: shown(rows),
        mails: mails.into_iter().map(|mail| MailRow::new(mail, &shell, admin.now)).collect(),
        all: AuditQuery::about(user.id).path(LOG),
        user,
        shell,
    };
    Ok(admin.answer(Page::new(page)))
}

/// How the password is kept, or why no password can be right, as login help says it.
fn hash(t: Lang, user: &User) -> String {
    match Encoding::parse(&user.password_hash) {
        Ok(encoding) => format!("{}, 2^{}", encoding.format.name(), encoding.cost),
        Err(reason) => t.find_hash_bad(reason),
    }
}

/// Why an inactive user is, if somebody said so.
fn reason(user: &User, rows: &[audit::Row]) -> Option<String> {
    let last = rows.iter().find(|row| row.action == Action::Deactivated.as_str())?;
    if user.is_active { None } else { last.detail.clone() }
}

fn shown(row: audit::Row, shell: &Shell) -> Row {
    let is_bad = Action::of_word(&row.action).is_some_and(Action::is_refusal);
    let client = row.user_agent.as_deref().map(|agent| cut::name(&http::client_in_words(agent)));
    let agent = row.user_agent.as_deref().map(cut::agent);
    Row { when: shell.when(row.at()), is_bad, client, agent, row }
}
