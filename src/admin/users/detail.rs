//! `/admin/users/{id}`: one user, what happened to them and what can be done.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use askama::Template;

use crate::admin::audit::entry_view::{AuditEntryView, Names};
use crate::admin::audit::query::{AuditQuery, LOG};
use crate::admin::mail::row::MailRow;
use crate::admin::users::current_user_form;
use crate::admin::users::sessions;
use crate::admin::users::sessions::OpenSessions;
use crate::app::App;
use crate::passwords::format::{Encoding, Format, Unreadable};
use crate::store::queries::mail_list;
use crate::store::queries::user_activity;
use crate::store::tables::audit::{Action, AuditRow};
use crate::store::tables::mails::Mail;
use crate::store::tables::users;
use crate::store::{Conn, StoreError};
use crate::texts::Lang;
use crate::types::{User, UserId};
use crate::web::layout::{Layout, Section};
use crate::web::session::guard::Administrator;
use crate::web::{Page, PageError, When};

/// How many entries of each kind the page shows.
const SHOWN: i64 = 10;

#[derive(Template)]
#[template(path = "admin/users/detail.html")]
struct UserPage {
    shell: Layout,
    trail: Vec<(String, String)>,
    user: User,
    seen: String,
    is_self: bool,
    created: When,
    updated: When,
    last_login: Option<When>,
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

/// What the store knows of what became of the account.
struct History {
    logins: Vec<AuditRow>,
    changes: Vec<AuditRow>,
    emails: Vec<AuditRow>,
    names: Names,
    mails: Vec<Mail>,
    /// Why an inactive user is, if somebody said so.
    reason: Option<String>,
    /// The format and the cost of the password hash.
    hash: Result<(Format, u32), Unreadable>,
}

impl History {
    fn of(conn: &mut Conn, id: UserId, is_inactive: bool) -> Result<Self, StoreError> {
        let logins = user_activity::logins_of(conn, id, SHOWN)?;
        let changes = user_activity::changes_of(conn, id, SHOWN)?;
        let emails = user_activity::emails_of(conn, id, SHOWN)?;
        let names = Names::of(conn, [&logins, &changes, &emails].into_iter().flatten())?;
        let mails = mail_list::about(conn, id, SHOWN)?;
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
///
/// # Errors
/// If there is no such user, or the store fails.
pub(crate) async fn page(
    app: Data<App>,
    admin: Administrator,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let user = current_user_form::user(&app, *id).await?;
    let id = user.id;
    let open = sessions::open(&app, &admin, id).await?;
    let is_inactive = !user.is_active;
    let history = app.store.read(move |conn| History::of(conn, id, is_inactive)).await?;
    let shell = admin.shell(Section::Users);
    let shown = |rows: Vec<AuditRow>| {
        rows.into_iter().map(|row| AuditEntryView::new(row, &history.names, &shell)).collect::<Vec<_>>()
    };
    let page = UserPage {
        trail: vec![(shell.t.users_heading().to_owned(), "/admin/users/".to_owned())],
        seen: current_user_form::seen(&user).1,
        is_self: user.id == admin.user.id,
        created: shell.when(user.created_at),
        updated: shell.when(user.updated_at),
        last_login: user.last_login_at.map(|moment| shell.when(moment)),
        hash: hash(shell.t, history.hash),
        reason: history.reason,
        open,
        has_more_emails: history.emails.len() as i64 == SHOWN,
        emails: shown(history.emails),
        logins: shown(history.logins),
        changes: shown(history.changes),
        mails: history.mails.into_iter().map(|mail| MailRow::new(mail, &shell, admin.now)).collect(),
        all: AuditQuery::about(user.id).path(LOG),
        user,
        shell,
    };
    Ok(admin.answer(Page::new(page)))
}

/// How the password is kept, or why no password can be right, as login help says it.
fn hash(t: Lang, hash: Result<(Format, u32), Unreadable>) -> String {
    match hash {
        Ok((format, cost)) => t.user_hash_at_cost(format.name(), cost),
        Err(reason) => t.find_hash_bad(reason),
    }
}
