//! `/admin/audit/export.csv` and `.json`: the entries of a list as a file.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;

use crate::admin::audit::query::AuditQuery;
use crate::app::App;
use crate::store::StoreError;
use crate::store::queries::audit_list;
use crate::store::queries::audit_list::{AuditCursor, AuditFilter};
use crate::store::tables::audit::AuditRow;
use crate::web::export;
use crate::web::export::{ExportFormat, ExportSource};
use crate::web::session::guard::RecentlyAuthenticated;
use crate::web::{PageError, PageForm};

/// `GET …/export.csv` and `…/export.json`.
///
/// # Errors
/// If a filter cannot be meant, or the store fails.
pub(crate) async fn send(
    app: Data<App>,
    request: HttpRequest,
    admin: RecentlyAuthenticated,
    kind: Path<ExportFormat>,
) -> Result<HttpResponse, PageError> {
    let query = AuditQuery::read(&PageForm::of_query(request.query_string()));
    let path = query.path(request.path());
    let asked = query.asked()?;
    let wanted = app.store.read(move |conn| asked.wanted(conn)).await?;
    export::send(app, &admin, *kind, Entries(wanted), path).await
}

/// What is wanted; nothing, if nobody is called so.
struct Entries(Option<AuditFilter>);

impl ExportSource for Entries {
    type Row = AuditRow;
    const NAME: &'static str = "audit";
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "at",
        "action",
        "actor",
        "actor_id",
        "subject_id",
        "subject",
        "address",
        "user_agent",
        "detail",
    ];

    async fn after(
        &self,
        app: &App,
        last: Option<&AuditRow>,
        limit: usize,
    ) -> Result<Vec<AuditRow>, StoreError> {
        let Some(wanted) = self.0.clone() else { return Ok(Vec::new()) };
        let place = last.map(AuditCursor::at_row);
        app.store.read_aside(move |conn| audit_list::page(conn, &wanted, false, place, limit)).await
    }

    fn cells(row: &AuditRow) -> Vec<String> {
        let number = |id: Option<i64>| id.map(|id| id.to_string()).unwrap_or_default();
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        vec![
            row.id.to_string(),
            row.at().to_rfc3339(),
            row.action.clone(),
            row.actor.clone(),
            number(row.actor_id),
            number(row.subject_id),
            text(&row.subject),
            text(&row.address),
            text(&row.user_agent),
            text(&row.detail),
        ]
    }

    fn json(row: &AuditRow) -> Value {
        row.into()
    }
}
