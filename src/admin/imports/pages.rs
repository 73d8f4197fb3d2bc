//! `/admin/users/imports`: the imports so far. `/admin/users/imports/{id}`: what one did, and the rows that it left
//! out, for an administrator who has no shell.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use askama::Template;

use crate::admin::session::Administrator;
use crate::admin::users::query::LIST;
use crate::app::App;
use crate::store::Conn;
use crate::store::tables::imports;
use crate::store::tables::imports::{ImportProblem, ImportRecord, ImportState};
use crate::texts::Lang;
use crate::types::{ImportId, Timestamp};
use crate::web::layout::Layout;
use crate::web::{Page, PageError, When};

/// The path of the list.
const IMPORTS: &str = "/admin/users/imports";

/// How many imports the list has.
const LISTED: i64 = 50;

/// How many rows the page of an import names.
const ROWS_NAMED: i64 = 200;

/// An import that has written nothing for this long was interrupted: a batch takes a second or two.
const SILENCE: Duration = Duration::from_secs(120);

#[derive(Template)]
#[template(path = "admin/imports/list.html")]
struct ImportListPage {
    layout: Layout,
    trail: Vec<(String, String)>,
    imports: Vec<ImportView>,
}

#[derive(Template)]
#[template(path = "admin/imports/detail.html")]
struct ImportPage {
    layout: Layout,
    trail: Vec<(String, String)>,
    import: ImportView,
    mapping: String,
    problems: Vec<ProblemView>,
    has_more: bool,
}

/// An import for display.
struct ImportView {
    id: ImportId,
    source: String,
    kind: &'static str,
    state: &'static str,
    /// How far it is, while it is not done.
    progress: Option<String>,
    failure: Option<String>,
    started: When,
    ended: Option<When>,
    created: String,
    left_out: String,
    /// The counts that are not zero.
    counts: Vec<(&'static str, String)>,
}

/// A row that is reported.
struct ProblemView {
    row: String,
    key: String,
    kind: &'static str,
    reason: String,
}

/// `GET /admin/users/imports`.
pub(crate) async fn list(app: Data<App>, admin: Administrator) -> Result<HttpResponse, PageError> {
    let newest = app.store.read(|conn| imports::newest(conn, LISTED)).await?;
    let layout = admin.layout();
    let imports = newest.iter().map(|record| ImportView::new(record, &layout, admin.now)).collect();
    let trail = vec![(layout.t.users_heading().to_owned(), LIST.to_owned())];
    Ok(admin.render(Page::new(ImportListPage { layout, trail, imports })))
}

/// `GET /admin/users/imports/{id}`.
pub(crate) async fn one(
    app: Data<App>,
    admin: Administrator,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let id = ImportId::new(*id);
    let read = move |conn: &mut Conn| {
        let Some(record) = imports::by_id(conn, id)? else { return Ok(None) };
        Ok(Some((record, imports::problems(conn, id, ROWS_NAMED + 1)?)))
    };
    let (record, mut problems) = app.store.read(read).await?.ok_or(PageError::NotFound)?;
    let layout = admin.layout();
    let has_more = problems.len() as i64 > ROWS_NAMED;
    problems.truncate(ROWS_NAMED as usize);
    let page = ImportPage {
        trail: vec![
            (layout.t.users_heading().to_owned(), LIST.to_owned()),
            (layout.t.imports_heading().to_owned(), IMPORTS.to_owned()),
        ],
        import: ImportView::new(&record, &layout, admin.now),
        mapping: record.mapping,
        problems: problems.into_iter().map(|problem| ProblemView::new(problem, layout.t)).collect(),
        has_more,
        layout,
    };
    Ok(admin.render(Page::new(page)))
}

impl ImportView {
    fn new(record: &ImportRecord, layout: &Layout, now: Timestamp) -> Self {
        let t = layout.t;
        let count = |name: &str| record.counts.get(name).and_then(serde_json::Value::as_u64).unwrap_or(0);
        let counts = COUNTS.iter().map(|(name, label)| (label(t), count(name)));
        Self {
            id: record.id,
            source: record.source.clone(),
            kind: if record.is_sync { t.import_sync() } else { t.import_first() },
            state: state(t, record, now),
            progress: (record.state != ImportState::Done && record.total > 0)
                .then(|| t.bulk_progress(t.number(record.rows_read), t.number(record.total))),
            failure: record.failure.clone(),
            started: layout.when(record.started_at),
            ended: record.ended_at.map(|at| layout.when(at)),
            created: t.number(count("created")),
            left_out: t.number(count("left_out")),
            counts: counts.filter(|(_, count)| *count > 0).map(|(label, n)| (label, t.number(n))).collect(),
        }
    }
}

/// The label of a count in a language.
type CountLabel = fn(Lang) -> &'static str;

/// The counts of the page, by their names in the database.
const COUNTS: [(&str, CountLabel); 14] = [
    ("read", |t| t.import_read()),
    ("created", |t| t.import_created()),
    ("changed", |t| t.import_changed()),
    ("unchanged", |t| t.import_unchanged()),
    ("changed_at_source", |t| t.import_changed_at_source()),
    ("changed_on_both_sides", |t| t.import_changed_on_both_sides()),
    ("deleted_here", |t| t.import_deleted_here()),
    ("renamed", |t| t.import_renamed()),
    ("left_out", |t| t.import_left_out()),
    ("missing", |t| t.import_missing()),
    ("deactivated", |t| t.import_deactivated()),
    ("sessions", |t| t.import_sessions()),
    ("ended_sessions", |t| t.import_ended_sessions()),
    ("tokens_skipped", |t| t.import_tokens_skipped()),
];

fn state(t: Lang, record: &ImportRecord, now: Timestamp) -> &'static str {
    match record.state {
        ImportState::Done => t.import_done(),
        ImportState::Failed => t.import_failed(),
        ImportState::Running if now.distance(record.updated_at) > SILENCE => t.import_interrupted(),
        ImportState::Running => t.import_running(),
    }
}

impl ProblemView {
    fn new(problem: ImportProblem, t: Lang) -> Self {
        Self {
            row: if problem.row == 0 { "–".to_owned() } else { t.number(problem.row) },
            key: problem.key.unwrap_or_else(|| "–".to_owned()),
            kind: match problem.kind.as_str() {
                "changed-on-both-sides" => t.import_changed_on_both_sides(),
                "deleted-here" => t.import_deleted_here(),
                "renamed" => t.import_renamed(),
                "missing" => t.import_missing(),
                "token" => t.import_token(),
                _ => t.import_left_out(),
            },
            reason: problem.reason,
        }
    }
}
