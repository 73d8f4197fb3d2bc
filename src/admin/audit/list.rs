//! `/admin/audit`: what happened, newest first.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::admin::audit::entry_view::{AuditEntryView, Names};
use crate::admin::audit::query::{AuditQuery, LOG, UnresolvedAuditFilter};
use crate::app::App;
use crate::store::queries::audit_list;
use crate::store::queries::audit_list::AuditCursor;
use crate::store::tables::audit;
use crate::store::tables::audit::{Action, ChainHead};
use crate::store::{Conn, StoreError};
use crate::web::filters::FilterErrors;
use crate::web::layout::{Layout, Section, see_other};
use crate::web::paging::{PageStart, Paged};
use crate::web::session::guard::Administrator;
use crate::web::{Page, PageError, PageForm, When};

/// How many entries a page has.
const PAGE: usize = 40;

#[derive(Template)]
#[template(path = "admin/audit/list.html")]
struct AuditPage {
    shell: Layout,
    query: AuditQuery,
    wrong: FilterErrors,
    /// Word and text of every action, by text.
    actions: Vec<(&'static str, &'static str)>,
    is_nobody: bool,
    entries: Vec<AuditEntryView>,
    previous: Option<String>,
    next: Option<String>,
    chain: Option<Chain>,
}

/// The end of the chain.
struct Chain {
    rows: u64,
    beginning: String,
    mark: String,
    when: When,
}

/// `GET /admin/audit`.
pub(crate) async fn list(
    app: Data<App>,
    request: HttpRequest,
    admin: Administrator,
) -> Result<HttpResponse, PageError> {
    let query = AuditQuery::read(&PageForm::of_query(request.query_string()));
    let (asked, wrong) = match query.asked() {
        Ok(asked) => (Some(asked), FilterErrors::default()),
        Err(wrong) => (None, wrong),
    };
    let places = (query.after, query.until);
    let found = app.store.read_aside(move |conn| look_up(conn, asked, places)).await?;
    if found.paged.rows.is_empty() && (query.after.is_some() || query.until.is_some()) && !wrong.is_any() {
        // Those of this page are gone.
        return Ok(see_other(&query.path(LOG)).finish());
    }
    let shell = admin.shell(Section::Audit);
    let mut actions: Vec<_> =
        Action::ALL.iter().map(|action| (action.as_str(), shell.t.action(action.as_str()))).collect();
    actions.sort_by_key(|(_, text)| text.to_lowercase());
    let page = AuditPage {
        actions,
        is_nobody: found.is_nobody,
        previous: found.paged.first().map(|row| query.up_to(AuditCursor::at_row(row))),
        next: found.paged.last().map(|row| query.from(AuditCursor::at_row(row))),
        chain: found.head.map(|head| chain(&head, &shell)),
        entries: found
            .paged
            .rows
            .into_iter()
            .map(|row| AuditEntryView::new(row, &found.names, &shell))
            .collect(),
        query,
        wrong,
        shell,
    };
    Ok(admin.answer(Page::new(page)))
}

struct AuditPageRows {
    is_nobody: bool,
    paged: Paged<audit::AuditRow>,
    names: Names,
    head: Option<ChainHead>,
}

/// The page after the first place, or before the second; nothing, if nothing can be asked for.
fn look_up(
    conn: &mut Conn,
    asked: Option<UnresolvedAuditFilter>,
    (after, until): (Option<AuditCursor>, Option<AuditCursor>),
) -> Result<AuditPageRows, StoreError> {
    let from = PageStart::of(after.as_ref(), until.as_ref());
    let is_asked = asked.is_some();
    let wanted = match asked {
        Some(asked) => asked.wanted(conn)?,
        None => None,
    };
    let rows = match &wanted {
        Some(wanted) => audit_list::page(conn, wanted, from == PageStart::Before, until.or(after), PAGE + 1)?,
        None => Vec::new(),
    };
    let paged = Paged::new(rows, PAGE, from);
    let names = Names::of(conn, paged.rows.iter())?;
    Ok(AuditPageRows { is_nobody: is_asked && wanted.is_none(), paged, names, head: audit::head(conn)? })
}

fn chain(head: &ChainHead, shell: &Layout) -> Chain {
    Chain {
        rows: head.anchor.number.unsigned_abs(),
        beginning: head.anchor.seal_digits().chars().take(8).collect(),
        mark: head.anchor.to_string(),
        when: shell.when(head.at),
    }
}
