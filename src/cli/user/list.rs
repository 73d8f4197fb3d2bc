//! `doorward user list` and `doorward user show`.

use serde_json::{Value, json};

use super::super::error::CliError;
use super::super::output;
use super::{UserSelector, find, print};
use crate::app::App;
use crate::store::queries::user_activity;
use crate::store::tables::{audit, users};
use crate::types::{Timestamp, UserId};

/// How many users are read at a time.
const PAGE: i64 = 500;

/// How many audit rows `show` prints.
const RECENT: i64 = 10;

/// Lists every user, by id.
pub(crate) async fn run(app: &App, as_json: bool) -> Result<(), CliError> {
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

/// Shows one user with the last that happened.
pub(crate) async fn show(app: &App, whom: &UserSelector, as_json: bool) -> Result<(), CliError> {
    let user = find::find(app, whom).await?;
    let id = user.id;
    let recent = app.store.read(move |conn| user_activity::about(conn, id, RECENT)).await?;
    if as_json {
        let mut shown = print::json_of(&user);
        shown["recent"] = recent.iter().map(json_row).collect();
        return output::line(&format!("{shown:#}"));
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
