//! `doorward audit verify`: says whether the chain is whole, and if not, where it is broken.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::error::CliError;
use super::super::{GlobalArgs, log, output};
use super::VerifyArgs;
use crate::app::store_settings;
use crate::clock::{Clock as _, SystemClock};
use crate::store::StoreError;
use crate::store::tables::audit;
use crate::store::tables::audit::{ChainFinding, ChainProblem, ChainReport};
use crate::texts::Lang;
use crate::types::{DatabaseUrl, Timestamp};

/// After what time a running doorward has chained a row.
const SOON: Duration = Duration::from_secs(60);

/// Walks the chain, and prints what it has shown.
pub(crate) fn run(settings: GlobalArgs, args: &VerifyArgs) -> Result<(), CliError> {
    let config = settings.load(Vec::new())?;
    log::start(&config.log);
    let report = audit::verify(&config.database_url, store_settings(&config), &args.expect)
        .map_err(|error| explained(error, &config.database_url))?;
    match args.json {
        true => output::line(&format!("{:#}", json_of(&report)))?,
        false => print(&report)?,
    }
    if report.is_whole() {
        return Ok(());
    }
    Err(CliError::failed(
        "the audit log is not as it was written",
        "a backup shows what was there; docs/audit.md says what this check can and cannot show",
    ))
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
    let rows = match report.rows {
        1 => "1 row is chained".to_owned(),
        rows => format!("{} rows are chained", Lang::English.number(rows)),
    };
    let verdict = match report.is_whole() {
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
    let late = match SystemClock.now().since(oldest) > SOON {
        true => {
            "; a running doorward chains them within half a minute: if one runs, see what its log says, or \
             whether somebody else writes to the table"
        }
        false => "",
    };
    format!("not chained yet, and so not checked: {count}, the oldest of {}{late}", oldest.to_rfc3339())
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
        ChainProblem::Duplicate => format!("{row}: there is another row of this number"),
        ChainProblem::Altered => format!(
            "{row} does not fit its seal: something in it was altered, it was moved or put in, or the seal \
             before it is another one"
        ),
        ChainProblem::SubjectAltered => format!("{row}: the username or the detail was altered"),
        ChainProblem::ClientAltered => format!("{row}: the address or the client was altered"),
        ChainProblem::SubjectRemoved => {
            format!("{row}: username and detail were taken out, though the account was not deleted")
        }
        ChainProblem::ClientRemoved => {
            format!("{row}: address and client were taken out, though no account in it was deleted")
        }
        ChainProblem::AnchorMismatch => {
            format!("{row} has another seal than the one noted: the chain was computed anew")
        }
        ChainProblem::Truncated => {
            format!("number {number} was noted, and is not there: the end was cut off")
        }
        ChainProblem::HeadMismatch => format!(
            "the chain does not end where doorward left it, at number {number}: rows were cut off or put on, \
             or the note of its end was altered"
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
            format!("bring it up to date first: doorward migrate --database-url {url}"),
        ),
        other => other.into(),
    }
}
