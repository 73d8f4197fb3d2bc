//! `/admin/users/{id}`: the page of a user, with the account's history and the actions.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use askama::Template;

use crate::accounts;
use crate::admin::audit::entry_view::{AuditEntryView, Names};
use crate::admin::audit::query::{AuditQuery, LOG};
use crate::admin::mail::row::MailRow;
use crate::admin::session::Administrator;
use crate::admin::users::query::LIST;
use crate::admin::users::sessions;
use crate::admin::users::sessions::OpenSessions;
use crate::admin::users::user_form;
use crate::app::App;
use crate::passwords::formats::{Encoding, Format, Unreadable};
use crate::store::queries::mail_list;
use crate::store::queries::user_activity;
use crate::store::tables::audit::{Action, AuditRow};
use crate::store::tables::mails::Mail;
use crate::store::tables::users;
use crate::store::{Conn, StoreError};
use crate::texts::Lang;
use crate::types::{User, UserId};
use crate::web::layout::Layout;
use crate::web::{Page, PageError, When};

/// How many entries of each kind the page displays.
const PAGE_LIMIT: i64 = 10;

#[derive(Template)]
#[template(path = "admin/users/detail.html")]
struct UserPage {
    layout: Layout,
    trail: Vec<(String, String)>,
    user: User,
    version: String,
    is_self: bool,
    created: When,
    updated: When,
    last_login: Option<When>,
    /// The day on which the account is deleted, if that was requested.
    deletion_date: Option<String>,
    hash: String,
    reason: Option<String>,
    open: OpenSessions,
    emails: Vec<AuditEntryView>,
    has_more_emails: bool,
    logins: Vec<AuditEntryView>,
    changes: Vec<AuditEntryView>,
    mails: Vec<MailRow>,
    all: String,
}

/// The history of the account.
struct History {
    logins: Vec<AuditRow>,
    changes: Vec<AuditRow>,
    emails: Vec<AuditRow>,
    names: Names,
    mails: Vec<Mail>,
    /// The reason of the deactivation, if one was given.
    reason: Option<String>,
    /// The format and the cost of the password hash.
    hash: Result<(Format, u32), Unreadable>,
}

impl History {
    fn load(conn: &mut Conn, id: UserId, is_inactive: bool) -> Result<Self, StoreError> {
        let logins = user_activity::logins_of(conn, id, PAGE_LIMIT)?;
        let changes = user_activity::changes_of(conn, id, PAGE_LIMIT)?;
        let emails = user_activity::emails_of(conn, id, PAGE_LIMIT)?;
        let names = Names::load(conn, [&logins, &changes, &emails].into_iter().flatten())?;
        let mails = mail_list::about(conn, id, PAGE_LIMIT)?;
        let deactivated =
            if is_inactive { user_activity::last(conn, id, Action::Deactivated)? } else { None };
        let reason = deactivated.and_then(|row| row.detail);
        let account = users::with_hash_by_id(conn, id)?;
        let hash = account.map_or(Err(Unreadable::Unusable), |account| {
            Encoding::parse(&account.password_hash).map(|encoding| (encoding.format, encoding.cost))
        });
        Ok(Self { logins, changes, emails, names, mails, reason, hash })
    }
}

/// `GET /admin/users/{id}`.
pub(crate) async fn page(
    app: Data<App>,
    admin: Administrator,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let user = user_form::user(&app, *id).await?;
    let id = user.id;
    let open = sessions::load(&app, &admin, id).await?;
    let is_inactive = !user.is_active;
    let history = app.store.read(move |conn| History::load(conn, id, is_inactive)).await?;
    let layout = admin.layout();
    let entries = |rows: Vec<AuditRow>| {
        rows.into_iter().map(|row| AuditEntryView::new(row, &history.names, &layout)).collect::<Vec<_>>()
    };
    let page = UserPage {
        trail: vec![(layout.t.users_heading().to_owned(), admin.back.to(LIST))],
        version: user_form::version(&user),
        is_self: user.id == admin.user.id,
        created: layout.when(user.created_at),
        updated: layout.when(user.updated_at),
        last_login: user.last_login_at.map(|moment| layout.when(moment)),
        deletion_date: user.deletion_due_at.map(|moment| layout.t.date(moment)),
        hash: hash(layout.t, history.hash),
        reason: history.reason,
        open,
        has_more_emails: history.emails.len() as i64 == PAGE_LIMIT,
        emails: entries(history.emails),
        logins: entries(history.logins),
        changes: entries(history.changes),
        mails: history.mails.into_iter().map(|mail| MailRow::new(mail, &layout, admin.now)).collect(),
        all: AuditQuery::about(user.id).path(LOG),
        user,
        layout,
    };
    Ok(admin.render(Page::new(page)))
}

/// The format of the password hash, or why no password matches it.
fn hash(t: Lang, hash: Result<(Format, u32), Unreadable>) -> String {
    match hash {
        Ok((format, cost)) => t.user_hash_at_cost(format.name(), cost),
        Err(reason) => t.finding_hash_bad(accounts::unreadable_hash(t, reason)),
    }
}
