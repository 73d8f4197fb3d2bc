//! `/admin/settings`: the settings in force with where they come from, and how the parts are.
//! Nothing can be changed here, and no secret is shown.

use std::time::Instant;

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;

use super::guard::Administrator;
use super::shell::{Section, Shell};
use super::warnings::{self, Warning};
use crate::app::App;
use crate::config::{Described, Origin};
use crate::html::{Page, PageError};
use crate::store::users;
use crate::texts::Lang;
use crate::types::DatabaseUrl;

#[derive(Template)]
#[template(path = "admin/settings.html")]
struct SettingsPage {
    shell: Shell,
    warnings: Vec<Warning>,
    /// Name and state.
    parts: Vec<(&'static str, String)>,
    /// Name, value and origin.
    settings: Vec<(&'static str, String, String)>,
}

/// `GET /admin/settings`.
///
/// # Errors
/// If the store fails.
#[expect(clippy::disallowed_methods, reason = "measures how long the database took; decides nothing")]
pub async fn page(app: Data<App>, admin: Administrator) -> Result<HttpResponse, PageError> {
    let begun = Instant::now();
    app.store.read(users::any).await?;
    let took = begun.elapsed().as_secs_f64() * 1e3;
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
        ],
        settings: described.map(|line| (line.name, value(t, line), origin(t, &line.origin))).collect(),
    };
    Ok(admin.answer(Page::new(page)))
}

/// A value as it was written; whether a secret is set, in the reader's language.
fn value(t: Lang, line: &Described) -> String {
    match line.value.as_str() {
        "(set)" => t.value_set().to_owned(),
        "(unset)" => t.value_unset().to_owned(),
        written => written.to_owned(),
    }
}

fn origin(t: Lang, origin: &Origin) -> String {
    match origin {
        Origin::Default => t.origin_default().to_owned(),
        Origin::File { path, line } => t.origin_file(path.display(), line),
        Origin::Environment(name) | Origin::Flag(name) => name.to_string(),
    }
}
