//! `/admin/audit/export.csv` and `.json`: a list of audit entries as a file.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;

use crate::admin::audit::query::AuditQuery;
use crate::admin::session::RecentlyAuthenticated;
use crate::app::App;
use crate::store::StoreError;
use crate::store::queries::audit_list;
use crate::store::queries::audit_list::{AuditCursor, AuditFilter};
use crate::store::tables::audit::AuditRow;
use crate::web::export;
use crate::web::export::{ExportFormat, ExportSource};
use crate::web::{PageError, PageForm};

/// `GET …/export.csv` and `…/export.json`.
pub(crate) async fn send(
    app: Data<App>,
    request: HttpRequest,
    admin: RecentlyAuthenticated,
    format: Path<ExportFormat>,
) -> Result<HttpResponse, PageError> {
    let query = AuditQuery::read(&PageForm::of_query(request.query_string()));
    let path = query.path(request.path());
    let unresolved = query.filter()?;
    let filter = app.store.read(move |conn| unresolved.resolve(conn)).await?;
    export::send(app, &request, &admin.0.actor, *format, AuditExport(filter), path).await
}

/// `None` if the filter names a user that does not exist: the file is empty.
struct AuditExport(Option<AuditFilter>);

impl ExportSource for AuditExport {
    type Row = AuditRow;
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
        "bulk_id",
    ];

    fn name(&self) -> String {
        "audit".to_owned()
    }

    async fn after(
        &self,
        app: &App,
        last: Option<&AuditRow>,
        limit: usize,
    ) -> Result<Vec<AuditRow>, StoreError> {
        let Some(filter) = self.0.clone() else { return Ok(Vec::new()) };
        let start = last.map(AuditCursor::at_row);
        app.store.read_aside(move |conn| audit_list::page(conn, &filter, false, start, limit)).await
    }

    fn json(row: &AuditRow) -> Value {
        row.into()
    }
}
