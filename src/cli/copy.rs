//! `doorward copy`: copies everything from one database into another, empty one.

use clap::Args;
use serde_json::json;

use super::error::CliError;
use super::global_args::GlobalArgs;
use super::progress_bar::ProgressBar;
use super::{log, output};
use crate::app::store_settings;
use crate::store::StoreError;
use crate::store::engine::copy;
use crate::store::engine::copy::{CopiedTable, CopyError, Progress};
use crate::types::DatabaseUrl;

/// The arguments of `doorward copy`.
#[derive(Debug, Args)]
pub(super) struct CopyArgs {
    /// The database to copy, which is only read [default: the one in the settings]
    ///
    /// Other users can see the arguments of a process. To keep a password out of them, use PGPASSWORD
    /// or ~/.pgpass.
    #[arg(long, value_name = "URL")]
    from: Option<String>,
    /// The empty database to copy to; a SQLite file is created
    #[arg(long, value_name = "URL")]
    to: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Copies, and prints the number of rows of each table.
pub(super) fn run(global: GlobalArgs, args: &CopyArgs) -> Result<(), CliError> {
    let config = global.load(Vec::new())?;
    let from = match &args.from {
        Some(text) => url("--from", text)?,
        None => config.database_url.clone(),
    };
    let to = url("--to", &args.to)?;
    if from == to {
        return Err(CliError::usage("--from and --to are the same database", ""));
    }
    log::start(&config.log);
    let mut bar = ProgressBar::new();
    bar.note(&format!(
        "note: {from} is copied as it is now. Stop every doorward on it first: later changes are not copied"
    ));
    let copied =
        copy::run(&from, &to, store_settings(&config), &mut |progress| report_progress(&mut bar, progress));
    drop(bar);
    let copied = copied.map_err(|error| with_hint(error, &from))?;
    print(&copied, &from, &to, args.json)
}

fn url(flag: &str, text: &str) -> Result<DatabaseUrl, CliError> {
    text.parse().map_err(|error| CliError::usage(format!("bad {flag}: {error}"), ""))
}

/// Updates the progress bar.
pub(super) fn report_progress(bar: &mut ProgressBar, progress: &Progress<'_>) {
    let done = if progress.is_check { "compared" } else { "copied" };
    bar.update(&format!("{} {done}", progress.table), progress.done, progress.total);
    if progress.is_end {
        bar.step(&format!("{done} {}", progress.table));
    }
}

fn print(
    copied: &[CopiedTable],
    from: &DatabaseUrl,
    to: &DatabaseUrl,
    as_json: bool,
) -> Result<(), CliError> {
    if as_json {
        let tables: Vec<_> = copied
            .iter()
            .map(|one| json!({"table": one.table, "rows": one.rows, "sha256": one.sha256}))
            .collect();
        return output::line(&format!("{:#}", serde_json::Value::Array(tables)));
    }
    let width = copied.iter().map(|one| one.table.len()).max().unwrap_or(0);
    for one in copied {
        output::line(&format!("{:width$}  {:>10} rows  sha256 {}", one.table, one.rows, one.sha256))?;
    }
    output::line(&format!(
        "copied {from} to {to} and compared both; you can now set database_url to the copy"
    ))
}

fn with_hint(error: CopyError, from: &DatabaseUrl) -> CliError {
    let hint = match &error {
        CopyError::Source(StoreError::Older(_)) => {
            format!("update its schema first: doorward migrate --database-url {from}")
        }
        CopyError::NotEmpty(_) => {
            "nothing was changed; use a new database, or drop this one and create it again".to_owned()
        }
        CopyError::Value { .. } => {
            "the target is still empty; correct the value in the source, and copy again".to_owned()
        }
        CopyError::Source(StoreError::Unavailable(_)) => {
            "a SQLite database is named by its path: --from sqlite:PATH".to_owned()
        }
        CopyError::Target(StoreError::Unavailable(_)) => {
            "the folder must exist and be writable by this user".to_owned()
        }
        CopyError::Source(_) | CopyError::Target(_) => {
            "the target is still empty; fix the problem, and copy again".to_owned()
        }
        CopyError::Unlike(_) | CopyError::Unknown(_) | CopyError::Differs(_) => {
            "the target is still empty".to_owned()
        }
    };
    CliError::failed(error.to_string(), hint)
}
