//! `GET /api/admin/audit/`: the audit log with the filters of the admin, the newest first.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;

use crate::api::admin::cursor;
use crate::api::admin::query::{CURSOR, PAGE_SIZE, Query};
use crate::api::drf::error::ApiError;
use crate::api::drf::machine::Machine;
use crate::api::drf::response;
use crate::api::openapi::description::{
    Answer, BodyShape, Component, Description, Property, PropertyKind, QueryKind, QueryParameter,
};
use crate::app::App;
use crate::store::queries::audit_list;
use crate::store::queries::audit_list::{AuditCursor, AuditFilter};
use crate::store::tables::audit;
use crate::store::tables::audit::{Action, ActionKind, AuditRow};
use crate::store::tables::users;
use crate::store::tables::users::PublicIds;
use crate::store::{Conn, StoreError};
use crate::types::{BulkId, UserId};
use crate::web::paging::{PageStart, Paged};

/// The path of the list.
const PATH: &str = "/api/admin/audit/";

const DAY: std::time::Duration = std::time::Duration::from_secs(24 * 3600);

const KINDS: [(&str, ActionKind); 3] =
    [("changes", ActionKind::Change), ("sign-ins", ActionKind::SignIn), ("failures", ActionKind::Failure)];

/// The parameters of the list.
const QUERY: &[QueryParameter] = &[
    CURSOR,
    PAGE_SIZE,
    QueryParameter::new(
        "user",
        QueryKind::Text,
        "Who did it or whom it is about: the user name, email or id.",
    ),
    QueryParameter::new(
        "actor",
        QueryKind::Text,
        "Who did it: the user name, email or id; or `api-key:` and the id of an API key.",
    ),
    QueryParameter::new("subject", QueryKind::Text, "Whom it is about: the user name, email or id."),
    QueryParameter::new("action", QueryKind::Text, "The word of an action, such as `logged-in`."),
    QueryParameter::new(
        "kind",
        QueryKind::OneOf(&["changes", "sign-ins", "failures"]),
        "The kind of the action.",
    ),
    QueryParameter::new("address", QueryKind::Text, "An IP address, or its beginning up to a dot or colon."),
    QueryParameter::new("bulk_id", QueryKind::Integer(1, u32::MAX), "The number of a bulk action."),
    QueryParameter::new("from", QueryKind::Day, "The first day in UTC."),
    QueryParameter::new("to", QueryKind::Day, "The last day in UTC."),
];

/// The answers.
pub(crate) const DOCS: Description = Description::new(
    "Lists entries of the audit log, the newest first, a page at a time.",
    Answer::new(200, "A page of entries.", BodyShape::Object(&PAGE)),
)
.refusing(&[Answer::detail(404, "The cursor is of no link.")])
.reading(QUERY);

const PAGE: Component = Component::new(
    "PaginatedAuditEntryList",
    &[
        Property::new(
            "next",
            PropertyKind::NullableText("https://accounts.example.com/api/admin/audit/?cursor=W2Zh"),
        ),
        Property::new(
            "previous",
            PropertyKind::NullableText("https://accounts.example.com/api/admin/audit/?cursor=W3Ry"),
        ),
        Property::new("results", PropertyKind::Objects(&ENTRY)),
    ],
);

const ENTRY: Component = Component::new(
    "AuditEntry",
    &[
        Property::new("id", PropertyKind::Integer(1)),
        Property::new("at", PropertyKind::Moment("2026-11-30T08:15:00Z")),
        Property::text("action", "deactivated"),
        Property::text("actor", "api-key:1f0c2a9be4d57386"),
        Property::new("actor_id", PropertyKind::NullableUserId),
        Property::new("subject_id", PropertyKind::NullableUserId),
        Property::new("subject", PropertyKind::NullableText("alice")),
        Property::new("address", PropertyKind::NullableText("203.0.113.7")),
        Property::new("user_agent", PropertyKind::NullableText("curl/8.14.1")),
        Property::new("detail", PropertyKind::NullableText("spam")),
        Property::new("bulk_id", PropertyKind::NullableInteger),
    ],
);

/// Answers a page of the log.
///
/// # Errors
/// 400 for parameters that are unknown or not valid, 404 for a cursor that is of no link.
pub(crate) async fn list(app: Data<App>, _: Machine, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let mut query = Query::of(&request, QUERY);
    let (filter, rows) = (filter(&mut query), query.rows());
    let named = ["user", "actor", "subject"].map(|name| query.text(name));
    query.check()?;
    let place = cursor::place::<AuditCursor>(&query)?;
    let read = move |conn: &mut Conn| {
        let Some(filter) = resolve(conn, filter, named)? else {
            return Ok((Paged::new(Vec::new(), rows, PageStart::Beginning), PublicIds::default()));
        };
        let is_before = place.start == PageStart::Before;
        let found = audit_list::page(conn, &filter, is_before, place.position, rows + 1)?;
        let page = Paged::new(found, rows, place.start);
        let ids = PublicIds::load(conn, page.rows.iter().flat_map(AuditRow::users))?;
        Ok::<_, StoreError>((page, ids))
    };
    let (page, ids) = app.store.read_aside(read).await?;
    let answer = |row: &AuditRow| row.to_json(&ids);
    let body: Value = cursor::body(&app, &query, PATH, &page, (AuditCursor::at_row, answer));
    Ok(response::json(StatusCode::OK, &body))
}

fn filter(query: &mut Query) -> AuditFilter {
    let actions: Vec<_> = Action::ALL.iter().map(|action| (action.as_str(), *action)).collect();
    AuditFilter {
        action: query.choice("action", &actions),
        kind: query.choice("kind", &KINDS),
        address: query.text("address"),
        bulk: query.number("bulk_id").map(|number| BulkId::new(number.into())),
        from: query.day("from"),
        until: query.day("to").map(|day| day.plus(DAY)),
        ..AuditFilter::default()
    }
}

/// The filter for the users that are named; `None` if there is none with one of the names.
fn resolve(
    conn: &mut Conn,
    mut filter: AuditFilter,
    [user, actor, subject]: [Option<String>; 3],
) -> Result<Option<AuditFilter>, StoreError> {
    filter.api_key = actor.as_deref().and_then(audit::api_key_of);
    let actor = actor.filter(|_| filter.api_key.is_none());
    let mut fields: [(Option<String>, &mut Vec<UserId>); 3] =
        [(user, &mut filter.persons), (actor, &mut filter.actors), (subject, &mut filter.subjects)];
    for (typed, ids) in &mut fields {
        let Some(typed) = typed else { continue };
        match users::resolve(conn, typed)? {
            Some(id) => ids.push(id),
            None => return Ok(None),
        }
    }
    Ok(Some(filter))
}
