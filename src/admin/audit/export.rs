//! `/admin/audit/export.csv` and `.json`: a list of audit entries as a file.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;

use crate::admin::audit::entry_view::Names;
use crate::admin::audit::query::AuditQuery;
use crate::admin::session::RecentlyAuthenticated;
use crate::app::App;
use crate::store::queries::audit_list;
use crate::store::queries::audit_list::{AuditCursor, AuditFilter};
use crate::store::tables::audit::AuditRow;
use crate::store::tables::users::PublicIds;
use crate::store::{Conn, StoreError};
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
    let admin = admin.0;
    let unresolved = query.filter(&admin.zone, admin.now)?;
    let filter = app.store.read(move |conn| unresolved.resolve(conn)).await?.filter;
    let export = AuditExport { filter, name: query.file_name(&admin.zone.day_of(admin.now)) };
    export::send(app, &request, &admin.actor, *format, export, path).await
}

struct AuditExport {
    /// `None` if the filter names a user that does not exist: the file is empty.
    filter: Option<AuditFilter>,
    name: String,
}

/// A row, and its columns, with the username of its actor if that is a user who still exists.
struct ExportedEntry {
    row: AuditRow,
    json: Value,
}

impl ExportSource for AuditExport {
    type Row = ExportedEntry;
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "at",
        "action",
        "actor",
        "actor_id",
        "actor_name",
        "subject_id",
        "subject",
        "address",
        "user_agent",
        "detail",
        "bulk_id",
    ];

    fn name(&self) -> String {
        self.name.clone()
    }

    async fn after(
        &self,
        app: &App,
        last: Option<&ExportedEntry>,
        limit: usize,
    ) -> Result<Vec<ExportedEntry>, StoreError> {
        let Some(filter) = self.filter.clone() else { return Ok(Vec::new()) };
        let start = last.map(|last| AuditCursor::at_row(&last.row));
        let read = move |conn: &mut Conn| {
            let rows = audit_list::page(conn, &filter, false, start, limit)?;
            let names = Names::load(conn, rows.iter())?;
            let ids = PublicIds::load(conn, rows.iter().flat_map(AuditRow::users))?;
            let named = |row: AuditRow| {
                let mut json = row.to_json(&ids);
                json["actor_name"] = row.actor_id.and_then(|id| names.of(id)).into();
                ExportedEntry { row, json }
            };
            Ok(rows.into_iter().map(named).collect())
        };
        app.store.read_aside(read).await
    }

    fn json(entry: &ExportedEntry) -> Value {
        entry.json.clone()
    }
}
