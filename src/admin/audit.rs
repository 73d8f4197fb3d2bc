//! `/admin/audit`: what happened, newest first.

use std::collections::HashMap;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::audit_query::{Asked, AuditQuery, LOG};
use super::cut;
use super::found;
use super::guard::Administrator;
use super::paged::{From, Paged};
use super::query::Wrong;
use super::shell::{Section, Shell};
use crate::app::App;
use crate::html::{Form, Page, PageError, When};
use crate::http;
use crate::store::audit::{self, Action, Head, Place};
use crate::store::{Conn, StoreError, user_list};
use crate::types::UserId;

/// How many entries a page has.
const PAGE: usize = 40;

#[derive(Template)]
#[template(path = "admin/audit.html")]
struct AuditPage {
    shell: Shell,
    query: AuditQuery,
    wrong: Wrong,
    /// Word and text of every action, by text.
    actions: Vec<(&'static str, &'static str)>,
    is_nobody: bool,
    entries: Vec<Entry>,
    previous: Option<String>,
    next: Option<String>,
    chain: Option<Chain>,
}

struct Entry {
    when: When,
    is_bad: bool,
    who: Party,
    whom: Option<Party>,
    /// The client and its system.
    client: Option<String>,
    /// What the client calls itself.
    agent: Option<String>,
    detail: Option<String>,
    row: audit::Row,
}

/// Somebody in an entry.
struct Party {
    name: String,
    path: Option<String>,
    /// What they are, where the name does not say it.
    detail: Option<&'static str>,
}

/// The end of the chain.
struct Chain {
    rows: u64,
    beginning: String,
    mark: String,
    when: When,
}

/// `GET /admin/audit`.
///
/// # Errors
/// If the store fails.
pub async fn list(
    app: Data<App>,
    request: HttpRequest,
    admin: Administrator,
) -> Result<HttpResponse, PageError> {
    let query = AuditQuery::read(&Form::of_query(request.query_string()));
    let (asked, wrong) = match query.asked() {
        Ok(asked) => (Some(asked), Wrong::default()),
        Err(wrong) => (None, wrong),
    };
    let places = (query.after, query.until);
    let found = app.store.read_aside(move |conn| look_up(conn, asked, places)).await?;
    let shell = admin.shell(Section::Audit);
    let mut actions: Vec<_> =
        Action::ALL.iter().map(|action| (action.as_str(), shell.t.action(action.as_str()))).collect();
    actions.sort_by_key(|(_, text)| text.to_lowercase());
    let page = AuditPage {
        actions,
        is_nobody: found.is_nobody,
        previous: found.paged.first().map(|row| query.up_to(Place::of(row))),
        next: found.paged.last().map(|row| query.from(Place::of(row))),
        chain: found.head.map(|head| chain(&head, &shell)),
        entries: found.paged.rows.into_iter().map(|row| entry(row, &found.names, &shell)).collect(),
        query,
        wrong,
        shell,
    };
    Ok(admin.answer(Page::new(page)))
}

struct Found {
    is_nobody: bool,
    paged: Paged<audit::Row>,
    /// The users in it who are there.
    names: HashMap<i64, String>,
    head: Option<Head>,
}

/// The page after the first place, or before the second; nothing, if nothing can be asked for.
fn look_up(
    conn: &mut Conn,
    asked: Option<Asked>,
    (after, until): (Option<Place>, Option<Place>),
) -> Result<Found, StoreError> {
    let from = From::of(after.as_ref(), until.as_ref());
    let is_asked = asked.is_some();
    let wanted = match asked {
        Some(asked) => asked.wanted(conn)?,
        None => None,
    };
    let rows = match &wanted {
        Some(wanted) => audit::page(conn, wanted, from == From::Before, until.or(after), PAGE + 1)?,
        None => Vec::new(),
    };
    let paged = Paged::new(rows, PAGE, from);
    let mut ids: Vec<i64> =
        paged.rows.iter().flat_map(|row| [row.actor_id, row.subject_id]).flatten().collect();
    ids.sort_unstable();
    ids.dedup();
    let ids: Vec<UserId> = ids.into_iter().map(UserId::new).collect();
    let users = user_list::by_ids(conn, &ids)?;
    let names = users.into_iter().map(|user| (user.id().get(), user.username)).collect();
    Ok(Found { is_nobody: is_asked && wanted.is_none(), paged, names, head: audit::head(conn)? })
}

fn entry(row: audit::Row, names: &HashMap<i64, String>, shell: &Shell) -> Entry {
    let t = shell.t;
    // Whoever did it to themselves is named once.
    let is_own = row.actor_id.is_some() && row.actor_id == row.subject_id;
    let who = match row.actor_id {
        Some(id) => {
            let name = row.subject.as_deref().filter(|_| is_own);
            let who = party(id, name, names, shell);
            // Whoever is named needs no word for being a user.
            let kind = (row.actor == "administrator").then(|| t.by_administrator());
            Party { detail: who.detail.or(kind), ..who }
        }
        None => Party { name: t.actor(&row.actor).to_owned(), path: None, detail: None },
    };
    Entry {
        when: shell.when(row.at()),
        client: row.user_agent.as_deref().map(|agent| cut::name(&http::client_in_words(agent))),
        agent: row.user_agent.as_deref().map(cut::agent),
        detail: row.detail.as_deref().map(cut::detail),
        is_bad: Action::of_word(&row.action).is_some_and(Action::is_refusal),
        who,
        whom: row.subject_id.filter(|_| !is_own).map(|id| party(id, row.subject.as_deref(), names, shell)),
        row,
    }
}

/// The user, by the name of that moment; one who is gone leads to what else is known of them.
fn party(id: i64, name: Option<&str>, names: &HashMap<i64, String>, shell: &Shell) -> Party {
    let user = UserId::new(id);
    match (names.get(&id), name) {
        (Some(present), name) => {
            Party { name: cut::name(name.unwrap_or(present)), path: Some(found::page_of(user)), detail: None }
        }
        (None, name) => Party {
            name: name.map_or_else(|| shell.t.audit_number(id), cut::name),
            path: Some(AuditQuery::about(user).path(LOG)),
            detail: Some(shell.t.audit_deleted()),
        },
    }
}

fn chain(head: &Head, shell: &Shell) -> Chain {
    Chain {
        rows: head.mark.number.unsigned_abs(),
        beginning: head.mark.seal_digits().chars().take(8).collect(),
        mark: head.mark.to_string(),
        when: shell.when(head.at),
    }
}
