//! `doorward audit list`: what happened, newest first.

use serde_json::Value;

use super::super::error::CliError;
use super::super::output;
use super::ListArgs;
use crate::app::App;
use crate::store::queries::audit_list;
use crate::store::queries::audit_list::{AuditCursor, AuditFilter};
use crate::store::tables::audit::AuditRow;
use crate::store::tables::users;

/// How many rows are read at a time.
const PAGE: usize = 500;

/// Lists the last rows that fit.
pub(crate) async fn run(app: &App, args: &ListArgs) -> Result<(), CliError> {
    let person = match args.user.clone() {
        Some(typed) => {
            Some(app.store.read(move |conn| users::resolve(conn, &typed)).await?.ok_or_else(|| {
                CliError::failed("there is no such user", "the log knows deleted ones by their number, as #7")
            })?)
        }
        None => None,
    };
    let wanted =
        AuditFilter { action: args.action, person, address: args.address.clone(), ..AuditFilter::default() };
    let (mut place, mut left, mut separator) = (None, args.last, "[");
    while left > 0 {
        let (wanted, step) = (wanted.clone(), left.min(PAGE));
        let rows =
            app.store.read_aside(move |conn| audit_list::page(conn, &wanted, false, place, step)).await?;
        for row in &rows {
            if args.json {
                output::part(&format!("{separator}\n  {}", Value::from(row)))?;
                separator = ",";
            } else {
                output::told(&line(row))?;
            }
        }
        place = rows.last().map(AuditCursor::at_row);
        left = if rows.len() < step { 0 } else { left - step };
    }
    match (args.json, separator) {
        (false, _) => Ok(()),
        (true, "[") => output::line("[]"),
        (true, _) => output::line("\n]"),
    }
}

fn line(row: &AuditRow) -> String {
    let part =
        |name: &str, text: Option<String>| text.map(|text| format!("  {name} {text}")).unwrap_or_default();
    let number = |id: Option<i64>| id.map(|id| format!("#{id}"));
    let whom =
        [row.subject.clone(), number(row.subject_id)].into_iter().flatten().collect::<Vec<_>>().join(" ");
    format!(
        "{:>6}  {}  {:18}  {}{}{}{}{}",
        row.id,
        row.at().to_rfc3339(),
        row.action,
        row.actor,
        number(row.actor_id).map(|id| format!(" {id}")).unwrap_or_default(),
        part("to", (!whom.is_empty()).then_some(whom)),
        part("from", row.address.clone()),
        part("–", row.detail.clone()),
    )
}
