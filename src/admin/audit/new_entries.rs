//! `GET /admin/audit/new`: how many entries of a list came after a moment, as text. A page that was loaded then asks
//! for it, and offers to load itself again (`static/live.js`).

use actix_web::http::header::{self, ContentType};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use crate::admin::audit::query::AuditQuery;
use crate::admin::session::area::is_administrator;
use crate::app::App;
use crate::store::queries::audit_list;
use crate::types::Timestamp;
use crate::web::{PageError, PageForm, time_zone};

/// Counted up to here.
const MOST: usize = 100;

/// The number of entries that match the filters of the list and came after the moment `since`, in microseconds since
/// 1970. Without a session in the admin 401. Asking does not use the session: it ends while its user is away.
pub(crate) async fn count(app: Data<App>, request: HttpRequest) -> Result<HttpResponse, PageError> {
    if !is_administrator(&app, &request).await? {
        return Ok(HttpResponse::Unauthorized().finish());
    }
    let fields = PageForm::of_query(request.query_string());
    let since: i64 = fields.get("since").parse().map_err(|_| PageError::BadFilter)?;
    let zone = time_zone(&request).unwrap_or_else(|| app.current().site.time_zone.clone());
    let filter =
        AuditQuery::read(&fields).filter(&zone, app.clock.now()).map_err(|_| PageError::BadFilter)?;
    let count = app
        .store
        .read_aside(move |conn| {
            let Some(mut filter) = filter.resolve(conn)?.filter else { return Ok(0) };
            filter.from = filter.from.max(Some(Timestamp::from_micros(since.saturating_add(1))));
            Ok(audit_list::page(conn, &filter, false, None, MOST)?.len())
        })
        .await?;
    Ok(HttpResponse::Ok()
        .content_type(ContentType::plaintext())
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(if count < MOST { count.to_string() } else { format!("{MOST}+") }))
}
