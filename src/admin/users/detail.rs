//! `/admin/users/{id}`: the page of a user. Its head has the state of the account and the actions; below it is the
//! tab that `?tab=` names.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde_json::Value;

use crate::accounts::{self, Deactivation};
use crate::admin::audit::entry_view::{AuditEntryView, Names};
use crate::admin::audit::query::{AuditQuery, LOG, NEW};
use crate::admin::flash::{Flash, Undone};
use crate::admin::login_panel::LoginPanel;
use crate::admin::mail::row::MailRow;
use crate::admin::session::Administrator;
use crate::admin::users::last_change;
use crate::admin::users::query::LIST;
use crate::admin::users::user_form;
use crate::app::App;
use crate::passwords::formats::{Encoding, Unreadable};
use crate::store::StoreError;
use crate::store::queries::mail_list;
use crate::store::queries::user_activity;
use crate::store::tables::audit::AuditRow;
use crate::store::tables::users;
use crate::store::tables::users::groups;
use crate::texts::Lang;
use crate::types::{Identifier, User, UserId};
use crate::web::layout::Layout;
use crate::web::open_sessions::{OpenSessions, ThisBrowser};
use crate::web::{Page, PageError, PageForm, When};

/// How many entries of each kind the page displays.
const PAGE_LIMIT: i64 = 10;

/// A part of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tab {
    Profile,
    Sessions,
    Activity,
    Emails,
}

impl Tab {
    const ALL: [Self; 4] = [Self::Profile, Self::Sessions, Self::Activity, Self::Emails];

    const fn word(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::Sessions => "sessions",
            Self::Activity => "activity",
            Self::Emails => "emails",
        }
    }

    const fn label(self, t: Lang) -> &'static str {
        match self {
            Self::Profile => t.tab_profile(),
            Self::Sessions => t.user_sessions(),
            Self::Activity => t.user_activity(),
            Self::Emails => t.nav_mail(),
        }
    }

    /// The tab that a query names; any other word means the first.
    fn of_query(query: &PageForm) -> Self {
        Self::ALL.into_iter().find(|tab| tab.word() == query.get("tab")).unwrap_or(Self::Profile)
    }

    /// Its path on the page of a user.
    pub(crate) fn path(self, id: UserId) -> String {
        match self {
            Self::Profile => user_form::path_of(id),
            _ => format!("{}?tab={}", user_form::path_of(id), self.word()),
        }
    }
}

#[derive(Template)]
#[template(path = "admin/users/detail.html")]
struct UserPage {
    layout: Layout,
    /// The changes in the audit log whose number says that the page is out of date.
    new_entries: String,
    trail: Vec<(String, String)>,
    user: User,
    version: String,
    is_self: bool,
    /// Whether the account pages can be shown as the user sees them.
    can_view: bool,
    /// Who deactivated the account, when and why.
    deactivation: Option<String>,
    /// The day on which the account is deleted, if that was requested.
    deletion_date: Option<String>,
    /// Label, path, and whether it is the open one.
    tabs: Vec<(&'static str, String, bool)>,
    content: TabContent,
}

/// What the open tab has.
enum TabContent {
    Profile(Box<Profile>),
    Sessions(OpenSessions),
    Activity(Activity),
    Emails(Vec<MailRow>),
}

struct Profile {
    login: LoginPanel,
    created: When,
    updated: When,
    last_login: Option<When>,
    open: OpenSessions,
    /// The format and the cost of the password hash, or why no password matches it.
    hash: String,
    /// The history of the email address.
    emails: Vec<AuditEntryView>,
    groups: Vec<String>,
    /// The names and values of the attributes.
    attributes: Vec<(String, String)>,
    /// All entries about the user, if there are more.
    more_emails: Option<String>,
}

struct Activity {
    logins: Vec<AuditEntryView>,
    changes: Vec<AuditEntryView>,
    /// The path of all entries about the user.
    all: String,
}

/// How many sessions of each kind the page displays.
const SESSIONS_LISTED: usize = 10;

async fn open_sessions(app: &App, admin: &Administrator, user: UserId) -> Result<OpenSessions, PageError> {
    let this = ThisBrowser { admin: Some(admin.session.clone()), session: None };
    Ok(OpenSessions::load(app, user, SESSIONS_LISTED, &this, &admin.layout()).await?)
}

/// `GET /admin/users/{id}`.
pub(crate) async fn page(
    app: Data<App>,
    request: HttpRequest,
    admin: Administrator,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let found = user_form::user(&app, *id).await;
    if let Err(PageError::First(_)) = found {
        return last_change::deleted_page(&app, &admin, UserId::new(*id)).await;
    }
    let user = found?;
    let tab = Tab::of_query(&PageForm::of_query(request.query_string()));
    let mut layout = admin.layout();
    if admin.flash == Some(Flash::Not(Undone::Changed)) {
        layout.notice = Some(last_change::refusal(&app, &admin, &user).await?);
    }
    let content = match tab {
        Tab::Profile => TabContent::Profile(Box::new(profile(&app, &admin, &layout, &user).await?)),
        Tab::Sessions => TabContent::Sessions(open_sessions(&app, &admin, user.id).await?),
        Tab::Activity => TabContent::Activity(activity(&app, &layout, user.id).await?),
        Tab::Emails => TabContent::Emails(emails(&app, &admin, &layout, user.id).await?),
    };
    let page = UserPage {
        new_entries: AuditQuery { kind: "changes".to_owned(), ..AuditQuery::about(user.id) }.path(NEW),
        trail: vec![(layout.t.users_heading().to_owned(), admin.back.to(LIST))],
        version: user_form::version(&user),
        is_self: user.id == admin.user.id,
        can_view: app.config.account.pages && user.id != admin.user.id,
        deactivation: deactivation(&app, &admin, &user).await?,
        deletion_date: user.deletion_due_at.map(|moment| layout.t.date(moment)),
        tabs: Tab::ALL.map(|one| (one.label(layout.t), one.path(user.id), one == tab)).into(),
        content,
        user,
        layout,
    };
    Ok(admin.render(Page::new(page).with_requests()))
}

/// Who deactivated the account, when and why.
async fn deactivation(app: &App, admin: &Administrator, user: &User) -> Result<Option<String>, StoreError> {
    let user = user.clone();
    let found = app.store.read(move |conn| Deactivation::of(conn, &user)).await?;
    Ok(found.map(|deactivation| deactivation.text(admin.t, admin.now)))
}

async fn profile(
    app: &App,
    admin: &Administrator,
    layout: &Layout,
    user: &User,
) -> Result<Profile, PageError> {
    let id = user.id;
    let name = user.username.as_str();
    let explanation = accounts::explain_login(app, Identifier::new(name)).await?;
    let (rows, names, hash, groups, attributes) = app
        .store
        .read(move |conn| {
            let rows = user_activity::emails_of(conn, id, PAGE_LIMIT)?;
            let names = Names::load(conn, rows.iter())?;
            let hash = users::with_hash_by_id(conn, id)?.map(|account| account.password_hash);
            let attributes = users::attributes_of(conn, &[id])?.remove(&id).unwrap_or_default();
            Ok((rows, names, hash, groups::of_user(conn, id)?, attributes))
        })
        .await?;
    let open = open_sessions(app, admin, id).await?;
    let has_more = rows.len() as i64 == PAGE_LIMIT;
    Ok(Profile {
        login: LoginPanel::new(&explanation, layout.t, admin.now, name, Some(user)),
        created: layout.when(user.created_at),
        updated: layout.when(user.updated_at),
        last_login: user.last_login_at.map(|moment| layout.when(moment)),
        open,
        hash: in_words(
            layout.t,
            hash.as_ref().map_or(Err(Unreadable::Unusable), |hash| app.passwords.read(hash)),
        ),
        emails: entries(rows, &names, layout),
        groups,
        attributes: attributes
            .as_map()
            .iter()
            .map(|(name, value)| (name.clone(), in_one_line(value)))
            .collect(),
        more_emails: has_more.then(|| AuditQuery::about(id).path(LOG)),
    })
}

async fn activity(app: &App, layout: &Layout, id: UserId) -> Result<Activity, PageError> {
    let (logins, changes, names) = app
        .store
        .read(move |conn| {
            let logins = user_activity::logins_of(conn, id, PAGE_LIMIT)?;
            let changes = user_activity::changes_of(conn, id, PAGE_LIMIT)?;
            let names = Names::load(conn, logins.iter().chain(&changes))?;
            Ok((logins, changes, names))
        })
        .await?;
    Ok(Activity {
        logins: entries(logins, &names, layout),
        changes: entries(changes, &names, layout),
        all: AuditQuery::about(id).path(LOG),
    })
}

async fn emails(
    app: &App,
    admin: &Administrator,
    layout: &Layout,
    id: UserId,
) -> Result<Vec<MailRow>, PageError> {
    let mails = app.store.read(move |conn| mail_list::about(conn, id, PAGE_LIMIT)).await?;
    Ok(mails.into_iter().map(|mail| MailRow::new(mail, layout, admin.now)).collect())
}

fn entries(rows: Vec<AuditRow>, names: &Names, layout: &Layout) -> Vec<AuditEntryView> {
    rows.into_iter().map(|row| AuditEntryView::new(row, names, layout)).collect()
}

/// The value of an attribute: a text as it is, anything else as JSON.
fn in_one_line(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The format and the work of a password hash, or why no password matches it.
fn in_words(t: Lang, hash: Result<Encoding, Unreadable>) -> String {
    match hash {
        Ok(encoding) => accounts::hash_in_words(t, &encoding),
        Err(reason) => t.finding_hash_bad(accounts::unreadable_hash(t, reason)),
    }
}
