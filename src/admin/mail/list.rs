//! `/admin/mail`: the outbox, newest first.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::admin::mail::query::{LIST, MailQuery, STAGES};
use crate::admin::mail::row::MailRow;
use crate::app::App;
use crate::store::queries::mail_list;
use crate::store::queries::mail_list::{MailCursor, MailFilter};
use crate::store::tables::mails::Mail;
use crate::texts::Lang;
use crate::types::Timestamp;
use crate::web::filters::FilterErrors;
use crate::web::layout::{Layout, Section, see_other};
use crate::web::session::guard::Administrator;
use crate::web::{Page, PageError, PageForm};

/// How many mails a page has.
const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "admin/mail/list.html")]
struct MailsPage {
    shell: Layout,
    query: MailQuery,
    /// Word and label of each state.
    states: Vec<(&'static str, &'static str)>,
    wrong: FilterErrors,
    mails: Vec<MailRow>,
    newer: Option<String>,
    older: Option<String>,
}

/// `GET /admin/mail`.
pub(crate) async fn list(
    app: Data<App>,
    request: HttpRequest,
    admin: Administrator,
) -> Result<HttpResponse, PageError> {
    let query = MailQuery::read(&PageForm::of_query(request.query_string()));
    let (found, wrong) = match query.wanted() {
        Ok(wanted) => (look_up(&app, wanted, query.seek(), admin.now).await?, FilterErrors::default()),
        Err(wrong) => (MailPageRows::default(), wrong),
    };
    if found.mails.is_empty() && query.seek() != MailCursor::Start && !wrong.is_any() {
        // Those of this page are gone.
        return Ok(see_other(&query.first()).finish());
    }
    let shell = admin.shell(Section::Mail);
    let page = MailsPage {
        states: STAGES.into_iter().map(|(word, _)| (word, label(shell.t, word))).collect(),
        wrong,
        newer: found.mails.first().filter(|_| found.has_newer).map(|mail| query.newer(mail.id)),
        older: found.mails.last().filter(|_| found.has_older).map(|mail| query.older(mail.id)),
        mails: found.mails.into_iter().map(|mail| MailRow::new(mail, &shell, admin.now)).collect(),
        query,
        shell,
    };
    Ok(admin.answer(Page::new(page)))
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

async fn look_up(
    app: &App,
    wanted: MailFilter,
    seek: MailCursor,
    now: Timestamp,
) -> Result<MailPageRows, PageError> {
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let found = app.store.read_aside(move |conn| mail_list::page(conn, &wanted, seek, limit, now));
    let mut mails = found.await?;
    let has_more = mails.len() > PAGE;
    // The one too many is the furthest from where the page begins.
    if has_more {
        match seek {
            MailCursor::NewerThan(_) => drop(mails.remove(0)),
            MailCursor::Start | MailCursor::OlderThan(_) => mails.truncate(PAGE),
        }
    }
    let (has_newer, has_older) = match seek {
        MailCursor::Start => (false, has_more),
        MailCursor::OlderThan(_) => (true, has_more),
        MailCursor::NewerThan(_) => (has_more, true),
    };
    Ok(MailPageRows { mails, has_newer, has_older })
}
