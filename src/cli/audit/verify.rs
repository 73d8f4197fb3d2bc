//! `doorward audit verify`: whether the chain of the audit log is intact, and if not, where it is broken.

use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};

use crate::app::store_settings;
use crate::cli::error::CliError;
use crate::cli::global_args::GlobalArgs;
use crate::cli::{log, output};
use crate::clock::{Clock as _, SystemClock};
use crate::store::StoreError;
use crate::store::tables::audit;
use crate::store::tables::audit::{ChainAnchor, ChainFinding, ChainProblem, ChainReport, LetGo};
use crate::texts::Lang;
use crate::types::{DatabaseUrl, Timestamp};

/// The time after which a running doorward has certainly chained a row.
const CHAINED_WITHIN: Duration = Duration::from_secs(60);

/// The arguments of `doorward audit verify`.
#[derive(Debug, Args)]
pub(in crate::cli) struct VerifyArgs {
    /// A row and its seal, as an earlier run printed them on its last line (may be given several times)
    #[arg(long, value_name = "NUMBER:SEAL")]
    expect: Vec<ChainAnchor>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Walks the chain, and prints the result.
pub(super) fn run(global: GlobalArgs, args: &VerifyArgs) -> Result<(), CliError> {
    let config = global.load(Vec::new())?;
    log::start(&config.log);
    let report = audit::verify(&config.database_url, store_settings(&config), &args.expect)
        .map_err(|error| explained(error, &config.database_url))?;
    match args.json {
        true => output::line(&format!("{:#}", json_of(&report)))?,
        false => print(&report)?,
    }
    if !report.is_whole() {
        return Err(CliError::failed(
            "the audit log is not as it was written",
            "compare it with a backup; docs/audit.md explains what this check can and cannot detect",
        ));
    }
    if report.rows == 0 && is_late(&report) {
        return Err(CliError::failed(
            "nothing could be checked: no row is chained, though there are rows that should be",
            "a running doorward chains them within half a minute; if it has, their seals were removed",
        ));
    }
    if !args.expect.is_empty() && args.expect.len() == report.uncompared.len() {
        return Err(CliError::failed(
            "nothing in --expect could be compared, because those rows were let go",
            "from now on, pass the last line above, and note a newer one before audit.keep is over",
        ));
    }
    Ok(())
}

/// Whether a row has no seal though a running doorward would have chained it.
fn is_late(report: &ChainReport) -> bool {
    report.oldest_unsealed.is_some_and(|oldest| SystemClock.now().since(oldest) > CHAINED_WITHIN)
}

fn print(report: &ChainReport) -> Result<(), CliError> {
    for finding in &report.findings {
        output::line(&words(finding))?;
    }
    let more = report.problems - report.findings.len() as u64;
    if more > 0 {
        output::line(&format!("and {more} more"))?;
    }
    if report.unsealed > 0 {
        output::line(&unsealed(report))?;
    }
    if let Some(LetGo { through, at }) = &report.let_go {
        let count = Lang::English.number(through.number.unsigned_abs());
        output::line(&format!(
            "rows before these were let go, as audit.keep says: {count}, the last time at {}",
            at.to_rfc3339()
        ))?;
    }
    for number in &report.uncompared {
        output::line(&format!("number {number} in --expect was let go, and so not compared"))?;
    }
    let rows = match report.rows {
        1 => "1 row is chained".to_owned(),
        rows => format!("{} rows are chained", Lang::English.number(rows)),
    };
    let verdict = match report.is_whole() {
        true if report.rows == 0 && is_late(report) => "nothing could be checked",
        true => "nothing is missing or altered",
        false => "NOT as they were written",
    };
    output::line(&format!("{rows}; {verdict}"))?;
    match &report.head {
        Some(head) => output::line(&format!("{head}")),
        None => Ok(()),
    }
}

fn unsealed(report: &ChainReport) -> String {
    let count = Lang::English.number(report.unsealed);
    let oldest = report.oldest_unsealed.unwrap_or(Timestamp::from_seconds(0));
    let late = match is_late(report) {
        true => {
            "; a running doorward chains them within half a minute: if one runs, check its log, and whether \
             another program writes to the table"
        }
        false => "",
    };
    format!("not chained yet, and so not checked: {count}, the oldest from {}{late}", oldest.to_rfc3339())
}

fn words(finding: &ChainFinding) -> String {
    let number = finding.number;
    let row = finding.row.map(|id| format!("row {id} (number {number})")).unwrap_or_default();
    match &finding.problem {
        ChainProblem::Missing(from) if *from == number - 1 => {
            format!("number {from} is missing; {row} cannot be checked without it")
        }
        ChainProblem::Missing(from) => {
            format!("numbers {from} to {} are missing; {row} cannot be checked without them", number - 1)
        }
        ChainProblem::Duplicate => format!("{row}: another row has the same number"),
        ChainProblem::Altered => format!(
            "{row} does not match its seal: it was altered, moved or inserted, or the seal before it was \
             changed"
        ),
        ChainProblem::SubjectAltered => format!("{row}: the username or the detail was altered"),
        ChainProblem::ClientAltered => format!("{row}: the address or the client was altered"),
        ChainProblem::SubjectRemoved => {
            format!("{row}: username and detail were removed, but the account was not deleted")
        }
        ChainProblem::ClientRemoved => {
            format!("{row}: address and client were removed, but no account in it was deleted")
        }
        ChainProblem::AnchorMismatch => {
            format!("{row} has a different seal than the one in --expect: the chain was computed again")
        }
        ChainProblem::Truncated => {
            format!("number {number} is in --expect, but not in the log: the end was cut off")
        }
        ChainProblem::Stripped => "rows had a seal, and have lost it: they cannot be checked".to_owned(),
        ChainProblem::HeadMismatch => format!(
            "the chain does not end where doorward ended it, at number {number}: rows were removed or added, \
             or the record of its end was altered"
        ),
    }
}

fn json_of(report: &ChainReport) -> Value {
    let finding = |finding: &ChainFinding| {
        let from = if let ChainProblem::Missing(from) = finding.problem { Some(from) } else { None };
        json!({
            "row": finding.row,
            "number": finding.number,
            "problem": finding.problem.code(),
            "missing_from": from,
            "text": words(finding),
        })
    };
    json!({
        "whole": report.is_whole(),
        "rows": report.rows,
        "let_go": report.let_go.as_ref().map(|let_go| json!({
            "through": let_go.through.to_string(),
            "at": let_go.at.to_rfc3339(),
        })),
        "not_compared": report.uncompared,
        "head": report.head.as_ref().map(ToString::to_string),
        "unchained": report.unsealed,
        "oldest_unchained": report.oldest_unsealed.map(Timestamp::to_rfc3339),
        "found": report.problems,
        "findings": report.findings.iter().map(finding).collect::<Vec<_>>(),
    })
}

fn explained(error: StoreError, url: &DatabaseUrl) -> CliError {
    match error {
        StoreError::Older(_) => CliError::failed(
            error.to_string(),
            format!("update its schema first: doorward migrate --database-url {url}"),
        ),
        other => other.into(),
    }
}
