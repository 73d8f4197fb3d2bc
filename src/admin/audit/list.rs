//! `/admin/audit`: the audit log, newest entries first.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::admin::audit::entry_view::{AuditEntryView, Names};
use crate::admin::audit::parties::MatchingUsers;
use crate::admin::audit::query::{AuditQuery, KINDS, LOG, PERIODS, UnresolvedAuditFilter};
use crate::admin::session::Administrator;
use crate::app::App;
use crate::store::queries::audit_list;
use crate::store::queries::audit_list::AuditCursor;
use crate::store::tables::audit;
use crate::store::tables::audit::{Action, ChainHead, LetGo};
use crate::store::{Conn, StoreError};
use crate::texts::Lang;
use crate::types::UserId;
use crate::web::abbreviate;
use crate::web::filters::FilterErrors;
use crate::web::layout::{Layout, see_other};
use crate::web::paging::{PageStart, Paged};
use crate::web::{Page, PageError, PageForm, When};

/// How many entries a page has.
const PAGE_SIZE: usize = 35;

#[derive(Template)]
#[template(path = "admin/audit/list.html")]
struct AuditPage {
    layout: Layout,
    query: AuditQuery,
    errors: FilterErrors,
    /// Word and text of every action, sorted by text.
    actions: Vec<(&'static str, &'static str)>,
    /// The chips for kinds of actions, and those for periods.
    kinds: Vec<Chip>,
    periods: Vec<Chip>,
    is_unknown_user: bool,
    /// The users that a part of a name stands for: the field, and a link to each.
    matching: Vec<MatchLinks>,
    entries: Vec<AuditEntryView>,
    previous: Option<String>,
    next: Option<String>,
    chain: Option<Chain>,
}

/// A link that filters the list.
struct Chip {
    label: &'static str,
    path: String,
    is_current: bool,
}

/// The users that match a part of a name.
struct MatchLinks {
    /// How many, and for what.
    text: String,
    /// Name and path.
    users: Vec<(String, String)>,
}

/// The last entry of the hash chain.
struct Chain {
    rows: u64,
    /// The first digits of the hash.
    beginning: String,
    head: String,
    when: When,
    /// How many entries were let go, and when that was recorded last.
    let_go: Option<(u64, When)>,
}

/// `GET /admin/audit`.
pub(crate) async fn list(
    app: Data<App>,
    request: HttpRequest,
    admin: Administrator,
) -> Result<HttpResponse, PageError> {
    let query = AuditQuery::read(&PageForm::of_query(request.query_string()));
    let (filter, errors) = match query.filter(&admin.zone, admin.now) {
        Ok(filter) => (Some(filter), FilterErrors::default()),
        Err(errors) => (None, errors),
    };
    let cursors = (query.after, query.until);
    let result = app.store.read_aside(move |conn| load(conn, filter, cursors)).await?;
    if result.paged.rows.is_empty() && (query.after.is_some() || query.until.is_some()) && errors.is_empty() {
        // The entries of this page have been deleted.
        return Ok(see_other(&query.path(LOG)).finish());
    }
    let layout = admin.layout();
    let mut actions: Vec<_> =
        Action::ALL.iter().map(|action| (action.as_str(), layout.t.action(action.as_str()))).collect();
    actions.sort_by_key(|(_, text)| text.to_lowercase());
    let page = AuditPage {
        actions,
        kinds: kinds(&query, layout.t),
        periods: periods(&query, layout.t),
        is_unknown_user: result.is_unknown_user,
        matching: result
            .matching
            .iter()
            .map(|(field, users)| match_links(&query, field, users, layout.t))
            .collect(),
        previous: result.paged.previous_end().map(|row| query.until(AuditCursor::at_row(row))),
        next: result.paged.next_start().map(|row| query.after(AuditCursor::at_row(row))),
        chain: result.head.map(|head| chain(&head, result.let_go, &layout)),
        entries: result
            .paged
            .rows
            .into_iter()
            .map(|row| AuditEntryView::new(row, &result.names, &layout))
            .collect(),
        query,
        errors,
        layout,
    };
    Ok(admin.render(Page::new(page).with_requests()))
}

/// All, and each kind of actions.
fn kinds(query: &AuditQuery, t: Lang) -> Vec<Chip> {
    let labels = [t.audit_changes(), t.audit_sign_ins(), t.audit_failures()];
    let words = [""].into_iter().chain(KINDS.map(|(word, _)| word));
    let labels = [t.audit_all()].into_iter().chain(labels);
    let chip = |(word, label)| Chip { label, path: query.of_kind(word), is_current: query.kind == word };
    words.zip(labels).map(chip).collect()
}

/// Any time, and each period.
fn periods(query: &AuditQuery, t: Lang) -> Vec<Chip> {
    let labels = [t.audit_today(), t.audit_7_days(), t.audit_30_days()];
    let words = [""].into_iter().chain(PERIODS.map(|(word, _)| word));
    let labels = [t.audit_any_time()].into_iter().chain(labels);
    let has_days = !query.from.is_empty() || !query.to.is_empty();
    let is_current = |word: &str| query.period == word && !(has_days && word.is_empty());
    let chip = |(word, label)| Chip { label, path: query.in_period(word), is_current: is_current(word) };
    words.zip(labels).map(chip).collect()
}

fn match_links(query: &AuditQuery, field: &str, matching: &MatchingUsers, t: Lang) -> MatchLinks {
    let text = match matching.has_more {
        true => t.audit_matching_more(matching.users.len(), &matching.typed),
        false => t.audit_matching(matching.users.len(), &matching.typed),
    };
    let link = |(id, name): &(UserId, String)| (abbreviate::name(name), query.with_user(field, *id));
    MatchLinks { text, users: matching.users.iter().map(link).collect() }
}

struct AuditPageRows {
    is_unknown_user: bool,
    matching: Vec<(&'static str, MatchingUsers)>,
    paged: Paged<audit::AuditRow>,
    names: Names,
    head: Option<ChainHead>,
    let_go: Option<LetGo>,
}

/// Loads the page after the first cursor, or before the second; an empty page without a valid filter.
fn load(
    conn: &mut Conn,
    unresolved: Option<UnresolvedAuditFilter>,
    (after, until): (Option<AuditCursor>, Option<AuditCursor>),
) -> Result<AuditPageRows, StoreError> {
    let start = PageStart::of(after.as_ref(), until.as_ref());
    let is_valid = unresolved.is_some();
    let resolved = match unresolved {
        Some(unresolved) => Some(unresolved.resolve(conn)?),
        None => None,
    };
    let (filter, matching) =
        resolved.map_or((None, Vec::new()), |resolved| (resolved.filter, resolved.matching));
    let rows = match &filter {
        Some(filter) => {
            audit_list::page(conn, filter, start == PageStart::Before, until.or(after), PAGE_SIZE + 1)?
        }
        None => Vec::new(),
    };
    let paged = Paged::new(rows, PAGE_SIZE, start);
    let names = Names::load(conn, paged.rows.iter())?;
    Ok(AuditPageRows {
        is_unknown_user: is_valid && filter.is_none(),
        matching,
        paged,
        names,
        head: audit::head(conn)?,
        let_go: audit::let_go(conn)?,
    })
}

fn chain(head: &ChainHead, let_go: Option<LetGo>, layout: &Layout) -> Chain {
    let let_go = let_go.map(|LetGo { through, at }| (through.number.unsigned_abs(), layout.when(at)));
    let first = let_go.as_ref().map_or(0, |(count, _)| *count);
    Chain {
        rows: head.anchor.number.unsigned_abs().saturating_sub(first),
        let_go,
        beginning: head.anchor.seal_digits().chars().take(8).collect(),
        head: head.anchor.to_string(),
        when: layout.when(head.at),
    }
}
