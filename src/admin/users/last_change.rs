//! Who changed an account after a form was displayed, or deleted it, from the audit log.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::admin::audit::entry_view::{AuditEntryView, Names};
use crate::admin::audit::query::{AuditQuery, LOG};
use crate::admin::session::Administrator;
use crate::admin::users::query::LIST;
use crate::app::App;
use crate::store::StoreError;
use crate::store::queries::user_activity;
use crate::store::tables::audit::{Action, AuditRow};
use crate::texts::Lang;
use crate::types::{User, UserId};
use crate::web::layout::Layout;
use crate::web::{Page, PageError};

/// The last change of an account by somebody else than `admin`, as a sentence. `None` if the audit log knows of
/// none, or if it was `admin`, as after a double click.
pub(crate) async fn by_another(
    app: &App,
    admin: &Administrator,
    user: &User,
) -> Result<Option<String>, StoreError> {
    let (id, since) = (user.id, user.updated_at);
    let last = app
        .store
        .read(move |conn| {
            let rows = user_activity::changes_of(conn, id, 1)?;
            let names = Names::load(conn, rows.iter())?;
            Ok(rows.into_iter().next().map(|row| (row, names)))
        })
        .await?;
    let Some((row, names)) = last else { return Ok(None) };
    let action = Action::named(&row.action);
    let is_creation = matches!(action, Some(Action::Created | Action::Registered | Action::Imported));
    if row.at() < since || row.actor_id == Some(admin.user.id.get()) || is_creation {
        return Ok(None);
    }
    Ok(Some(sentence(admin, action, row, &names)))
}

fn sentence(admin: &Administrator, action: Option<Action>, row: AuditRow, names: &Names) -> String {
    let t = admin.t;
    let ago = t.ago(row.at(), admin.now);
    let entry = AuditEntryView::new(row, names, &admin.layout());
    let who = entry.actor.name;
    let was = entry.row.detail.as_deref().and_then(|detail| Some(detail.split_once(" → ")?.0));
    match (action, was) {
        // An imported user may have had no address.
        (Some(Action::EmailChanged), Some("" | "–")) => t.latest_first_email(who, ago),
        (Some(Action::EmailChanged), Some(was)) => t.latest_email(who, ago, was),
        (Some(Action::Renamed), Some(was)) => t.latest_renamed(who, ago, was),
        (Some(Action::EmailConfirmed), _) => t.latest_confirmed(who, ago),
        (Some(Action::EmailUnconfirmed), _) => t.latest_unconfirmed(who, ago),
        (Some(Action::Activated), _) => t.latest_activated(who, ago),
        (Some(Action::Deactivated), _) => t.latest_deactivated(who, ago),
        (Some(Action::PasswordSet), _) => t.latest_password(who, ago),
        (Some(Action::MadeAdmin), _) => t.latest_made_admin(who, ago),
        (Some(Action::AdminRevoked), _) => t.latest_revoked_admin(who, ago),
        _ => t.latest_other(who, ago, t.action(&entry.row.action)),
    }
}

/// What a form that was refused because of a change is answered with.
pub(crate) async fn refusal(app: &App, admin: &Administrator, user: &User) -> Result<String, StoreError> {
    let t = admin.t;
    Ok(match by_another(app, admin, user).await? {
        Some(change) => format!("{change} {}", t.then_not_done()),
        None => t.changed_since_loaded().to_owned(),
    })
}

#[derive(Template)]
#[template(path = "admin/users/deleted.html")]
struct DeletedPage {
    layout: Layout,
    trail: Vec<(String, String)>,
    /// Who deleted whom, and when.
    text: String,
    /// The path of the entries about the account.
    entries: String,
}

/// The page of a user who was deleted, 404; [`PageError::NotFound`] if there never was one.
pub(crate) async fn deleted_page(
    app: &App,
    admin: &Administrator,
    id: UserId,
) -> Result<HttpResponse, PageError> {
    let last = app
        .store
        .read(move |conn| {
            let row = user_activity::last(conn, id, Action::Deleted)?;
            let names = Names::load(conn, row.iter())?;
            Ok(row.map(|row| (row, names)))
        })
        .await?;
    let (row, names) = last.ok_or(PageError::NotFound)?;
    let layout = admin.layout();
    let page = DeletedPage {
        trail: vec![(layout.t.users_heading().to_owned(), LIST.to_owned())],
        text: deletion(layout.t, admin, row, &names),
        entries: AuditQuery::about(id).path(LOG),
        layout,
    };
    Ok(admin.render(Page::new(page).with_status(StatusCode::NOT_FOUND)))
}

fn deletion(t: Lang, admin: &Administrator, row: AuditRow, names: &Names) -> String {
    let ago = t.ago(row.at(), admin.now);
    let entry = AuditEntryView::new(row, names, &admin.layout());
    // The names of deleted users go from the audit log with the account.
    match &entry.row.subject {
        Some(name) => t.latest_deleted(entry.actor.name, name, ago),
        None => t.latest_deleted_unnamed(entry.actor.name, ago),
    }
}
