//! `doorward user list`, `doorward user show` and `doorward user export`.

use serde_json::{Value, json};

use super::print;
use super::selector::UserSelector;
use crate::accounts::{self, Actor};
use crate::app::App;
use crate::cli::error::CliError;
use crate::cli::output;
use crate::store::queries::user_activity;
use crate::store::tables::users::groups;
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
    let (recent, ids, groups, attributes) = app
        .store
        .read(move |conn| {
            let attributes = users::attributes_of(conn, &[id])?.remove(&id).unwrap_or_default();
            let recent = user_activity::about(conn, id, RECENT)?;
            let ids = users::PublicIds::load(conn, recent.iter().flat_map(audit::AuditRow::users))?;
            Ok((recent, ids, groups::of_user(conn, id)?, attributes))
        })
        .await?;
    if as_json {
        let mut json = print::json_of(&user);
        (json["groups"], json["attributes"]) = (json!(groups), json!(attributes));
        json["recent"] = recent.iter().map(|row| json_row(row, &ids)).collect();
        return output::line(&format!("{json:#}"));
    }
    print::details(&user)?;
    if !groups.is_empty() {
        output::escaped_line(&format!("  groups     {}", groups.join(", ")))?;
    }
    for (name, value) in attributes.as_map() {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        output::escaped_line(&format!("  {name:10} {value}"))?;
    }
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

fn json_row(row: &audit::AuditRow, ids: &users::PublicIds) -> Value {
    json!({
        "at": Timestamp::from_micros(row.at).to_rfc3339(),
        "action": row.action,
        "actor": row.actor,
        "actor_id": row.actor_id.map(|id| ids.of(id)),
        "address": row.address,
        "user_agent": row.user_agent,
    })
}
