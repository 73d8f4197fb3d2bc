//! `/admin/mail`: the outbox, newest mails first.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::admin::mail::query::{LIST, MailQuery, STAGES};
use crate::admin::mail::row::MailRow;
use crate::admin::session::Administrator;
use crate::admin::users::query::{LIST as USERS, UserQuery};
use crate::app::App;
use crate::store::queries::mail_list;
use crate::store::queries::mail_list::{MailCursor, MailFilter};
use crate::store::tables::mails::Mail;
use crate::texts::Lang;
use crate::types::Timestamp;
use crate::web::filters::FilterErrors;
use crate::web::layout::{Layout, see_other};
use crate::web::lists::count_users;
use crate::web::{Page, PageError, PageForm};

/// How many mails a page has.
const PAGE_SIZE: usize = 50;

#[derive(Template)]
#[template(path = "admin/mail/list.html")]
struct MailsPage {
    layout: Layout,
    query: MailQuery,
    /// The choices of the filter by state: value and label.
    states: Vec<(&'static str, &'static str)>,
    errors: FilterErrors,
    mails: Vec<MailRow>,
    newer: Option<String>,
    older: Option<String>,
    /// How many users a recipient that no mail has would find in the list of users, and the path of that list.
    users: Option<(String, String)>,
}

/// `GET /admin/mail`.
pub(crate) async fn list(
    app: Data<App>,
    request: HttpRequest,
    admin: Administrator,
) -> Result<HttpResponse, PageError> {
    let query = MailQuery::read(&PageForm::of_query(request.query_string()));
    let (result, errors) = match query.filter() {
        Ok(filter) => (load(&app, filter, query.cursor(), admin.now).await?, FilterErrors::default()),
        Err(errors) => (MailPageRows::default(), errors),
    };
    if result.mails.is_empty() && query.cursor() != MailCursor::Start && errors.is_empty() {
        // The mails of this page have been deleted.
        return Ok(see_other(&query.first()).finish());
    }
    let users = match result.mails.is_empty() && !query.to.is_empty() {
        true => users(&app, admin.t, query.to.clone()).await?,
        false => None,
    };
    let layout = admin.layout();
    let page = MailsPage {
        states: STAGES.into_iter().map(|(word, _)| (word, label(layout.t, word))).collect(),
        errors,
        newer: result.mails.first().filter(|_| result.has_newer).map(|mail| query.newer(mail.id)),
        older: result.mails.last().filter(|_| result.has_older).map(|mail| query.older(mail.id)),
        mails: result.mails.into_iter().map(|mail| MailRow::new(mail, &layout, admin.now)).collect(),
        users,
        query,
        layout,
    };
    Ok(admin.render(Page::new(page)))
}

/// Where the list of users helps: how many contain what was typed, and the path.
async fn users(app: &App, t: Lang, typed: String) -> Result<Option<(String, String)>, PageError> {
    let path = UserQuery { term: typed.clone(), ..UserQuery::default() }.path(USERS);
    let count = app.store.read_aside(move |conn| count_users(conn, &typed)).await?;
    Ok((count > 0).then(|| (t.users_contain(count), path)))
}

fn label(t: Lang, word: &str) -> &'static str {
    match word {
        "waiting" => t.state_waiting(),
        "sending" => t.state_sending(),
        "sent" => t.state_sent(),
        "dead" => t.state_dead(),
        _ => t.state_dropped(),
    }
}

#[derive(Default)]
struct MailPageRows {
    mails: Vec<Mail>,
    has_newer: bool,
    has_older: bool,
}

async fn load(
    app: &App,
    filter: MailFilter,
    cursor: MailCursor,
    now: Timestamp,
) -> Result<MailPageRows, PageError> {
    let limit = i64::try_from(PAGE_SIZE + 1).unwrap_or(i64::MAX);
    let page = app.store.read_aside(move |conn| mail_list::page(conn, &filter, cursor, limit, now));
    let mut mails = page.await?;
    let has_more = mails.len() > PAGE_SIZE;
    // The surplus mail is the one farthest from the cursor.
    if has_more {
        match cursor {
            MailCursor::NewerThan(_) => drop(mails.remove(0)),
            MailCursor::Start | MailCursor::OlderThan(_) => mails.truncate(PAGE_SIZE),
        }
    }
    let (has_newer, has_older) = match cursor {
        MailCursor::Start => (false, has_more),
        MailCursor::OlderThan(_) => (true, has_more),
        MailCursor::NewerThan(_) => (has_more, true),
    };
    Ok(MailPageRows { mails, has_newer, has_older })
}
