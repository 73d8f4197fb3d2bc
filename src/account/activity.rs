//! `/account/activity`: the audit entries about the user, in words, newest first. What identifies another person,
//! such as the administrator who changed something, is left out.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::account::area::AccountUser;
use crate::app::App;
use crate::http;
use crate::store::queries::audit_list::AuditCursor;
use crate::store::queries::user_activity;
use crate::store::tables::audit::{Action, AuditRow};
use crate::texts::Lang;
use crate::types::UserId;
use crate::web::abbreviate;
use crate::web::layout::{Layout, see_other};
use crate::web::paging::{PageStart, Paged};
use crate::web::{Page, PageError, PageForm, When};

const PATH: &str = "/account/activity";

/// How many entries a page has.
const PAGE_SIZE: usize = 25;

/// The parameters of a URL: the page after an entry, and the page before one.
const AFTER: &str = "after";
const UNTIL: &str = "until";

#[derive(Template)]
#[template(path = "account/activity.html")]
struct ActivityPage {
    layout: Layout,
    entries: Vec<OwnEntry>,
    previous: Option<String>,
    next: Option<String>,
}

/// An entry for display.
struct OwnEntry {
    when: When,
    action: String,
    is_bad: bool,
    actor: &'static str,
    address: Option<String>,
    client: Option<String>,
    user_agent: Option<String>,
}

/// `GET /account/activity`.
pub(crate) async fn page(
    app: Data<App>,
    request: HttpRequest,
    user: AccountUser,
) -> Result<HttpResponse, PageError> {
    let query = PageForm::of_query(request.query_string());
    let (after, until) = (cursor(query.get(AFTER)), cursor(query.get(UNTIL)));
    let start = PageStart::of(after.as_ref(), until.as_ref());
    let id = user.user.id;
    let read = app.store.read(move |conn| {
        user_activity::page(conn, id, start == PageStart::Before, until.or(after), PAGE_SIZE + 1)
    });
    let paged = Paged::new(read.await?, PAGE_SIZE, start);
    if paged.rows.is_empty() && start != PageStart::Beginning {
        return Ok(see_other(PATH).finish());
    }
    let layout = user.layout();
    let link = |name: &str, row: &AuditRow| format!("{PATH}?{name}={}-{}", row.at, row.id);
    let page = ActivityPage {
        previous: paged.previous_end().map(|row| link(UNTIL, row)),
        next: paged.next_start().map(|row| link(AFTER, row)),
        entries: paged.rows.iter().map(|row| entry(row, id, &layout)).collect(),
        layout,
    };
    Ok(user.render(Page::new(page)))
}

/// A position in the list, as a link of [`page`] has it.
fn cursor(text: &str) -> Option<AuditCursor> {
    let (at, id) = text.split_once('-')?;
    Some(AuditCursor { at: at.parse().ok()?, id: id.parse().ok()? })
}

fn entry(row: &AuditRow, user: UserId, layout: &Layout) -> OwnEntry {
    let t = layout.t;
    let is_other = row.actor_id.is_some_and(|id| id != user.get());
    let client = row.user_agent.as_deref().filter(|_| !is_other);
    OwnEntry {
        when: layout.when(row.at()),
        action: t.action(&row.action).to_owned(),
        is_bad: Action::named(&row.action).is_some_and(Action::is_refusal),
        actor: actor(t, row, is_other),
        address: row.address.clone().filter(|_| !is_other),
        client: client.map(|agent| abbreviate::name(&http::client_in_words(t, agent))),
        user_agent: client.map(abbreviate::user_agent),
    }
}

fn actor(t: Lang, row: &AuditRow, is_other: bool) -> &'static str {
    match (row.actor.as_str(), is_other) {
        ("administrator", true) => t.by_an_administrator(),
        (_, true) => t.by_other(),
        ("user" | "administrator", false) => t.by_you(),
        ("command-line", _) => t.by_command_line(),
        ("server", _) => t.by_server(),
        ("setup-link", _) => t.by_setup_link(),
        ("mail-link", _) => t.by_mail_link(),
        _ => t.by_anonymous(),
    }
}
