//! `/admin/settings`: the settings with their sources, and the state of the parts. The page displays no secret.

use std::time::Instant;

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;

use crate::admin::overview::warnings;
use crate::admin::overview::warnings::OverviewWarning;
use crate::admin::session::Administrator;
use crate::admin::settings::source;
use crate::app::App;
use crate::config::{Described, Setting, changed_toml, displayed_image_size};
use crate::store::queries::mail_list;
use crate::store::tables::mails::DeliveryState;
use crate::store::tables::{audit, users};
use crate::store::{Conn, StoreError};
use crate::texts::Lang;
use crate::types::DatabaseUrl;
use crate::web::layout::Layout;
use crate::web::{Page, PageError};

/// The path of the list.
pub(super) const LIST: &str = "/admin/settings";

/// How far mails are counted.
const MAX_COUNTED: u32 = 1_000;

#[derive(Template)]
#[template(path = "admin/settings/list.html")]
struct SettingsPage {
    layout: Layout,
    warnings: Vec<OverviewWarning>,
    /// Name and state of the parts.
    parts: Vec<(&'static str, String)>,
    /// The settings that do not have their default.
    changed: Vec<SettingView>,
    /// The same as a file, without secrets.
    toml: String,
    /// How many settings there are.
    count: usize,
    groups: Vec<SettingGroup>,
}

/// A setting for display.
struct SettingView {
    name: &'static str,
    value: String,
    source: String,
    help: String,
    is_changed: bool,
}

/// The settings of a section.
struct SettingGroup {
    /// What stands before the last dot of their names.
    section: &'static str,
    count: usize,
    changed: usize,
    /// Those that have their default.
    settings: Vec<SettingView>,
    /// Name and value of the others.
    elsewhere: Vec<(&'static str, String)>,
}

/// `GET /admin/settings`.
#[expect(clippy::disallowed_methods, reason = "measures the database; no decision depends on it")]
pub(crate) async fn page(app: Data<App>, admin: Administrator) -> Result<HttpResponse, PageError> {
    app.refresh_settings().await?;
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
    let current = app.current();
    let lines = current.describe();
    let mut warnings = warnings::about_settings(&app, t);
    warnings.extend(app.stored_settings_problem().map(|reason| OverviewWarning {
        text: t.settings_ignored(reason),
        advice: t.settings_ignored_advice().to_owned(),
        link: None,
    }));
    let page = SettingsPage {
        layout,
        warnings,
        parts: vec![
            (t.part_version(), env!("CARGO_PKG_VERSION").to_owned()),
            (t.part_database(), t.database_answers(kind, t.decimal(elapsed_ms))),
            (t.part_engine(), engine),
            (t.part_mail(), health.mail_text(&app, t)),
            (t.part_audit(), health.audit_text(t)),
        ],
        changed: lines.iter().filter(|line| line.is_changed()).map(|line| view(t, line)).collect(),
        toml: changed_toml(lines),
        count: lines.len(),
        groups: groups(t, lines),
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
        let target = match &app.current().mail.smtp {
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
        value => match displayed_image_size(value) {
            Some(bytes) => t.value_image(bytes),
            None => value.to_owned(),
        },
    }
}

fn view(t: Lang, line: &Described) -> SettingView {
    SettingView {
        name: line.name,
        value: value(t, line),
        source: source::in_words(t, &line.origin),
        help: Setting::named(line.name).map_or_else(String::new, |setting| help(t, setting)),
        is_changed: line.is_changed(),
    }
}

/// What a setting does, in the language of the page.
pub(crate) fn help(t: Lang, setting: &Setting) -> String {
    t.setting_help(setting.name, setting.help).trim().replace('`', "")
}

/// The settings by the part of their name before the last dot. The changed ones stand above, so that a group has
/// only links to them.
fn groups(t: Lang, lines: &[Described]) -> Vec<SettingGroup> {
    let section = |line: &Described| line.name.rsplit_once('.').map_or("", |(section, _)| section);
    let groups = lines.chunk_by(|one, next| section(one) == section(next));
    let group = |lines: &[Described]| {
        let (changed, others): (Vec<_>, Vec<_>) = lines.iter().partition(|line| line.is_changed());
        SettingGroup {
            section: lines.first().map_or("", section),
            count: lines.len(),
            changed: changed.len(),
            settings: others.into_iter().map(|line| view(t, line)).collect(),
            elsewhere: changed.into_iter().map(|line| (line.name, value(t, line))).collect(),
        }
    };
    groups.map(group).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::SETTINGS;

    #[test]
    fn every_section_has_a_name() {
        for setting in SETTINGS.iter() {
            let section = setting.name.rsplit_once('.').map_or("", |(section, _)| section);
            for t in Lang::ALL {
                assert!(!t.section(section).is_empty() && t.section(section) != section, "{section}");
            }
        }
    }
}
