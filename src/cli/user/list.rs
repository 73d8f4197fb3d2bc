//! `doorward user list`, `doorward user show` and `doorward user export`.

use serde_json::{Value, json};

use super::print;
use super::selector::UserSelector;
use crate::accounts::{self, Actor};
use crate::app::App;
use crate::cli::error::CliError;
use crate::cli::output;
use crate::store::queries::user_activity;
use crate::store::tables::{audit, users};
use crate::types::{Timestamp, UserId};

/// How many users are read at a time.
const PAGE: i64 = 500;

/// How many audit rows `show` prints.
const RECENT: i64 = 10;

/// Lists all users, by id.
pub(super) async fn run(app: &App, as_json: bool) -> Result<(), CliError> {
    let mut after = UserId::new(0);
    let mut listing = print::UserListing::begin(as_json)?;
    loop {
        let page = app.store.read(move |conn| users::page(conn, after, PAGE)).await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for user in &page {
            listing.user(user)?;
        }
    }
    listing.end()
}

/// Prints everything that is stored about one user.
pub(super) async fn export(app: &App, selector: &UserSelector) -> Result<(), CliError> {
    let user = selector.find(app).await?;
    let data = accounts::export_user(app, user.id, &Actor::command_line()).await?;
    output::line(&format!("{:#}", data.unwrap_or_default()))
}

/// Prints one user with the newest rows of the audit log.
pub(super) async fn show(app: &App, selector: &UserSelector, as_json: bool) -> Result<(), CliError> {
    let user = selector.find(app).await?;
    let id = user.id;
    let recent = app.store.read(move |conn| user_activity::about(conn, id, RECENT)).await?;
    if as_json {
        let mut json = print::json_of(&user);
        json["recent"] = recent.iter().map(json_row).collect();
        return output::line(&format!("{json:#}"));
    }
    print::details(&user)?;
    for row in &recent {
        output::line(&format!(
            "  {}  {}{}",
            Timestamp::from_micros(row.at).to_rfc3339(),
            row.action,
            row.address.as_deref().map(|address| format!("  from {address}")).unwrap_or_default(),
        ))?;
    }
    Ok(())
}

fn json_row(row: &audit::AuditRow) -> Value {
    json!({
        "at": Timestamp::from_micros(row.at).to_rfc3339(),
        "action": row.action,
        "actor": row.actor,
        "actor_id": row.actor_id,
        "address": row.address,
        "user_agent": row.user_agent,
    })
}
