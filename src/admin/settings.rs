//! `/admin/settings`: the settings with their sources, and the state of the parts. The page is read-only and
//! displays no secret.

use std::time::Instant;

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;

use crate::admin::overview::warnings;
use crate::admin::overview::warnings::OverviewWarning;
use crate::admin::session::Administrator;
use crate::app::App;
use crate::config::{Described, SettingSource};
use crate::store::queries::mail_list;
use crate::store::tables::mails::DeliveryState;
use crate::store::tables::{audit, users};
use crate::store::{Conn, StoreError};
use crate::texts::Lang;
use crate::types::DatabaseUrl;
use crate::web::layout::Layout;
use crate::web::{Page, PageError};

/// How far mails are counted.
const MAX_COUNTED: u32 = 1_000;

#[derive(Template)]
#[template(path = "admin/settings.html")]
struct SettingsPage {
    layout: Layout,
    warnings: Vec<OverviewWarning>,
    /// Name and state of the parts.
    parts: Vec<(&'static str, String)>,
    /// Name, value and source.
    settings: Vec<(&'static str, String, String)>,
}

/// `GET /admin/settings`.
#[expect(clippy::disallowed_methods, reason = "measures the database; no decision depends on it")]
pub(crate) async fn page(app: Data<App>, admin: Administrator) -> Result<HttpResponse, PageError> {
    let started = Instant::now();
    app.store.read(users::any).await?;
    let elapsed_ms = started.elapsed().as_secs_f64() * 1e3;
    let health = app.store.read(Health::read).await?;
    let layout = admin.layout();
    let t = layout.t;
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
        layout,
        warnings: warnings::about_settings(&app, t),
        parts: vec![
            (t.part_version(), env!("CARGO_PKG_VERSION").to_owned()),
            (t.part_database(), t.database_answers(kind, t.decimal(elapsed_ms))),
            (t.part_engine(), engine),
            (t.part_mail(), health.mail_text(&app, t)),
            (t.part_audit(), health.audit_text(t)),
        ],
        settings: described.map(|line| (line.name, value(t, line), source(t, &line.origin))).collect(),
    };
    Ok(admin.render(Page::new(page)))
}

/// The state of the outbox and of the audit log.
struct Health {
    waiting: u64,
    given_up: u64,
    /// How many entries are in the hash chain.
    chained: u64,
    has_unchained: bool,
}

impl Health {
    fn read(conn: &mut Conn) -> Result<Self, StoreError> {
        let let_go = audit::let_go(conn)?.map_or(0, |let_go| let_go.through.number);
        let chained = audit::head(conn)?.map_or(0, |head| head.anchor.number - let_go);
        Ok(Self {
            waiting: mail_list::count_up_to(conn, DeliveryState::Waiting, MAX_COUNTED)?,
            given_up: mail_list::count_up_to(conn, DeliveryState::Dead, MAX_COUNTED)?,
            chained: u64::try_from(chained).unwrap_or(0),
            has_unchained: audit::has_unsealed(conn)?,
        })
    }

    fn mail_text(&self, app: &App, t: Lang) -> String {
        let target = match &app.config.mail.smtp {
            Some(smtp) => t.mail_server_is(format!("{}:{}", smtp.host, smtp.port)),
            None => t.mail_not_configured().to_owned(),
        };
        format!("{target}; {}, {}", t.mails_wait(self.waiting), t.mails_failed(self.given_up))
    }

    fn audit_text(&self, t: Lang) -> String {
        let chained = t.rows_chained(self.chained);
        if self.has_unchained { format!("{chained}; {}", t.rows_unchained()) } else { chained }
    }
}

/// The value as it was written; of a secret, whether it is set.
fn value(t: Lang, line: &Described) -> String {
    match line.value.as_str() {
        "(set)" => t.value_set().to_owned(),
        "(unset)" => t.value_unset().to_owned(),
        value => value.to_owned(),
    }
}

fn source(t: Lang, source: &SettingSource) -> String {
    match source {
        SettingSource::Default => t.origin_default().to_owned(),
        SettingSource::File { path, line } => t.origin_file(path.display(), line),
        SettingSource::Environment(name)
        | SettingSource::ValueFile { variable: name, .. }
        | SettingSource::Flag(name) => name.to_string(),
    }
}
