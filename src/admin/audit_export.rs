//! `/admin/audit/export.csv` and `.json`: the entries of a list as a file.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;

use super::audit_query::AuditQuery;
use super::export::{self, Kind, Listing};
use super::guard::Proven;
use crate::app::App;
use crate::html::{Form, PageError};
use crate::store::StoreError;
use crate::store::audit::{self, Place, Row, Wanted};

/// `GET …/export.csv` and `…/export.json`.
///
/// # Errors
/// If a filter cannot be meant, or the store fails.
pub async fn send(
    app: Data<App>,
    request: HttpRequest,
    admin: Proven,
    kind: Path<Kind>,
) -> Result<HttpResponse, PageError> {
    let query = AuditQuery::read(&Form::of_query(request.query_string()));
    let path = query.path(request.path());
    let asked = query.asked()?;
    let wanted = app.store.read(move |conn| asked.wanted(conn)).await?;
    export::send(app, &admin, *kind, Entries(wanted), path).await
}

/// What is wanted; nothing, if nobody is called so.
struct Entries(Option<Wanted>);

impl Listing for Entries {
    type Row = Row;
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

    async fn after(&self, app: &App, last: Option<&Row>, limit: usize) -> Result<Vec<Row>, StoreError> {
        let Some(wanted) = self.0.clone() else { return Ok(Vec::new()) };
        let place = last.map(Place::of);
        app.store.read_aside(move |conn| audit::page(conn, &wanted, false, place, limit)).await
    }

    fn cells(row: &Row) -> Vec<String> {
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

    fn json(row: &Row) -> Value {
        row.into()
    }
}
