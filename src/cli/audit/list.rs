//! `doorward audit list`: the audit log, newest rows first.

use clap::Args;

use crate::app::App;
use crate::cli::error::CliError;
use crate::cli::output;
use crate::store::queries::audit_list;
use crate::store::queries::audit_list::{AuditCursor, AuditFilter};
use crate::store::tables::audit::{Action, AuditRow};
use crate::store::tables::users;
use crate::store::tables::users::PublicIds;

/// How many rows are read at a time.
const PAGE: usize = 500;

/// The arguments of `doorward audit list`.
#[derive(Debug, Args)]
pub(in crate::cli) struct ListArgs {
    /// Only rows with this user as actor or subject: a username, an email address, or an id as #7
    #[arg(long)]
    user: Option<String>,
    /// Only rows with this action, such as logged-in
    #[arg(long, value_parser = action)]
    action: Option<Action>,
    /// Only rows with this IP address; with a dot or colon at its end, with a prefix, such as "10.0.0."
    #[arg(long)]
    address: Option<String>,
    /// The most rows to list
    #[arg(long, default_value_t = 100, value_name = "ROWS")]
    last: usize,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

fn action(word: &str) -> Result<Action, String> {
    Action::named(word).ok_or_else(|| {
        let words: Vec<&str> = Action::ALL.iter().map(|action| action.as_str()).collect();
        format!("one of {}", words.join(", "))
    })
}

/// Lists the newest rows that match.
pub(super) async fn run(app: &App, args: &ListArgs) -> Result<(), CliError> {
    let person = match args.user.clone() {
        Some(typed) => {
            Some(app.store.read(move |conn| users::resolve(conn, &typed)).await?.ok_or_else(|| {
                CliError::failed("there is no such user", "the log has deleted users by their id, as #7")
            })?)
        }
        None => None,
    };
    let filter = AuditFilter {
        action: args.action,
        persons: person.into_iter().collect(),
        address: args.address.clone(),
        ..AuditFilter::default()
    };
    let (mut cursor, mut left, mut separator) = (None, args.last, "[");
    while left > 0 {
        let (filter, step) = (filter.clone(), left.min(PAGE));
        let page = app.store.read_aside(move |conn| {
            let rows = audit_list::page(conn, &filter, false, cursor, step)?;
            let ids = PublicIds::load(conn, rows.iter().flat_map(AuditRow::users))?;
            Ok((rows, ids))
        });
        let (rows, ids) = page.await?;
        for row in &rows {
            if args.json {
                output::part(&format!("{separator}\n  {}", row.to_json(&ids)))?;
                separator = ",";
            } else {
                output::escaped_line(&line(row, &ids))?;
            }
        }
        cursor = rows.last().map(AuditCursor::at_row);
        left = if rows.len() < step { 0 } else { left - step };
    }
    match (args.json, separator) {
        (false, _) => Ok(()),
        (true, "[") => output::line("[]"),
        (true, _) => output::line("\n]"),
    }
}

fn line(row: &AuditRow, ids: &PublicIds) -> String {
    let part =
        |name: &str, text: Option<String>| text.map(|text| format!("  {name} {text}")).unwrap_or_default();
    let id_of = |id: Option<i64>| id.map(|id| format!("#{}", ids.of(id)));
    let subject =
        [row.subject.clone(), id_of(row.subject_id)].into_iter().flatten().collect::<Vec<_>>().join(" ");
    format!(
        "{:>6}  {}  {:18}  {}{}{}{}{}",
        row.id,
        row.at().to_rfc3339(),
        row.action,
        row.actor,
        id_of(row.actor_id).map(|id| format!(" {id}")).unwrap_or_default(),
        part("to", (!subject.is_empty()).then_some(subject)),
        part("from", row.address.clone()),
        part("–", row.detail.clone()),
    )
}
