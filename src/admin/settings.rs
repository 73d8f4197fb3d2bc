//! `/admin/settings`: the settings in force with where they come from, and how the parts are.
//! Nothing can be changed here, and no secret is shown.

use std::time::Instant;

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;

use crate::admin::overview::warnings;
use crate::admin::overview::warnings::OverviewWarning;
use crate::app::App;
use crate::config::{Described, SettingSource};
use crate::store::queries::mail_list;
use crate::store::tables::mails::DeliveryState;
use crate::store::tables::{audit, users};
use crate::store::{Conn, StoreError};
use crate::texts::Lang;
use crate::types::DatabaseUrl;
use crate::web::layout::{Layout, Section};
use crate::web::session::guard::Administrator;
use crate::web::{Page, PageError};

/// How far mails are counted.
const COUNTED: u32 = 1_000;

#[derive(Template)]
#[template(path = "admin/settings.html")]
struct SettingsPage {
    shell: Layout,
    warnings: Vec<OverviewWarning>,
    /// Name and state.
    parts: Vec<(&'static str, String)>,
    /// Name, value and origin.
    settings: Vec<(&'static str, String, String)>,
}

/// `GET /admin/settings`.
#[expect(clippy::disallowed_methods, reason = "measures how long the database took; decides nothing")]
pub(crate) async fn page(app: Data<App>, admin: Administrator) -> Result<HttpResponse, PageError> {
    let begun = Instant::now();
    app.store.read(users::any).await?;
    let took = begun.elapsed().as_secs_f64() * 1e3;
    let health = app.store.read(Health::read).await?;
    let shell = admin.shell(Section::Settings);
    let t = shell.t;
    let kind = match app.config.database_url {
        DatabaseUrl::Sqlite(_) => "SQLite",
        DatabaseUrl::Postgres(_) => "PostgreSQL",
    };
    let engine = format!(
        "{}, {}",
        t.engine_threads(app.passwords.threads()),
        t.engine_waiting(app.passwords.waiting())
    );
    let described = app.config.describe().iter();
    let page = SettingsPage {
        shell,
        warnings: warnings::of_settings(&app, t),
        parts: vec![
            (t.part_version(), env!("CARGO_PKG_VERSION").to_owned()),
            (t.part_database(), t.database_answers(kind, t.decimal(took))),
            (t.part_engine(), engine),
            (t.part_mail(), health.of_mail(&app, t)),
            (t.part_audit(), health.of_audit(t)),
        ],
        settings: described.map(|line| (line.name, value(t, line), origin(t, &line.origin))).collect(),
    };
    Ok(admin.answer(Page::new(page)))
}

/// How the outbox and the audit log are.
struct Health {
    waiting: u64,
    given_up: u64,
    chained: u64,
    has_unchained: bool,
}

impl Health {
    fn read(conn: &mut Conn) -> Result<Self, StoreError> {
        let chained = audit::head(conn)?.map_or(0, |head| head.anchor.number);
        Ok(Self {
            waiting: mail_list::count_up_to(conn, DeliveryState::Waiting, COUNTED)?,
            given_up: mail_list::count_up_to(conn, DeliveryState::Dead, COUNTED)?,
            chained: u64::try_from(chained).unwrap_or(0),
            has_unchained: audit::has_unsealed(conn)?,
        })
    }

    fn of_mail(&self, app: &App, t: Lang) -> String {
        let way = match &app.config.mail.smtp {
            Some(smtp) => t.mail_goes_to(format!("{}:{}", smtp.host, smtp.port)),
            None => t.mail_goes_nowhere().to_owned(),
        };
        format!("{way}; {}, {}", t.mails_wait(self.waiting), t.mails_given_up(self.given_up))
    }

    fn of_audit(&self, t: Lang) -> String {
        let chained = t.rows_chained(self.chained);
        if self.has_unchained { format!("{chained}; {}", t.rows_unchained()) } else { chained }
    }
}

/// A value as it was written; whether a secret is set, in the reader's language.
fn value(t: Lang, line: &Described) -> String {
    match line.value.as_str() {
        "(set)" => t.value_set().to_owned(),
        "(unset)" => t.value_unset().to_owned(),
        written => written.to_owned(),
    }
}

fn origin(t: Lang, origin: &SettingSource) -> String {
    match origin {
        SettingSource::Default => t.origin_default().to_owned(),
        SettingSource::File { path, line } => t.origin_file(path.display(), line),
        SettingSource::Environment(name) | SettingSource::Flag(name) => name.to_string(),
    }
}
