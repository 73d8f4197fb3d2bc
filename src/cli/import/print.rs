//! What `doorward import` prints: the mapping that it would use, and what an import did.

use serde_json::{Value, json};

use super::super::error::{CliError, note};
use super::super::output;
use crate::accounts::{ImportSummary, Mapping, Proposal, SourceView, mapping_to_toml, source_label};

/// How many reported rows are printed as text; JSON has all that are stored.
const MOST_LINES: usize = 50;

/// Prints the mapping with its reasons. Nothing is imported.
pub(super) fn proposal(
    mapping: &Mapping,
    proposal: Option<&Proposal>,
    view: &SourceView,
    named: &str,
    as_json: bool,
) -> Result<(), CliError> {
    let reasons = proposal.map(|proposal| proposal.reasons.clone()).unwrap_or_default();
    let notes = proposal.map(|proposal| proposal.notes.clone()).unwrap_or_default();
    let text = mapping_to_toml(mapping, &reasons);
    if as_json {
        let json = json!({
            "mapping": text,
            "users": view.rows_of(&mapping.users.table),
            "notes": notes,
            "settings": view.settings,
        });
        return output::line(&format!("{json:#}"));
    }
    output::part(&text)?;
    for not_yet in &notes {
        output::escaped_line(&format!("# {not_yet}"))?;
    }
    for (name, value) in &view.settings {
        output::escaped_line(&format!("# {name} of that Django: {value}"))?;
    }
    let named = source_label(named);
    note(
        &format!(
            "nothing was imported. Import by this mapping with `doorward import django {named} --yes`, or store it in a \
         file, change it, and import with --map FILE; add --dry-run to rehearse"
        ),
        "",
    );
    Ok(())
}

/// Prints what an import did.
pub(super) fn summary(
    summary: &ImportSummary,
    wrapped: Option<u64>,
    is_dry_run: bool,
    as_json: bool,
) -> Result<(), CliError> {
    let counts = Value::from(&summary.counts);
    if as_json {
        let problems = summary.problems.iter().map(|problem| {
            json!({"row": problem.row, "key": problem.key, "kind": problem.kind, "reason": problem.reason})
        });
        let json = json!({
            "import": summary.id,
            "dry_run": is_dry_run,
            "counts": counts,
            "wrapped": wrapped,
            "problems": problems.collect::<Vec<_>>(),
            "problem_count": summary.problem_count,
        });
        return output::line(&format!("{json:#}"));
    }
    for problem in summary.problems.iter().take(MOST_LINES) {
        let row = if problem.row == 0 { String::new() } else { format!("row {}, ", problem.row) };
        let key = problem.key.as_deref().unwrap_or("?");
        output::escaped_line(&format!("{}: {row}key {key}: {}", problem.kind, problem.reason))?;
    }
    let printed = summary.problems.len().min(MOST_LINES) as u64;
    if summary.problem_count > printed {
        output::line(&format!("… and {} more: see --json", summary.problem_count - printed))?;
    }
    for (name, count) in counts.as_object().into_iter().flatten() {
        if name == "read" || count.as_u64() != Some(0) {
            output::line(&format!("{:22} {count:>10}", name.replace('_', " ")))?;
        }
    }
    if let Some(wrapped) = wrapped {
        output::line(&format!("{:22} {wrapped:>10}", "hashes wrapped"))?;
    }
    if is_dry_run {
        return output::line("dry run: nothing was written");
    }
    Ok(())
}
