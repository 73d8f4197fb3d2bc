//! What is the same for all batches of an import, and what became of one.

use crate::accounts::imports::counts::{ImportCounts, ProblemKind};
use crate::accounts::imports::options::ImportOptions;
use crate::accounts::shared::actor::{Actor, AuditSubject};
use crate::store::tables::audit::Action;
use crate::store::tables::imports::ImportProblem;
use crate::store::tables::users;
use crate::store::tables::users::ImportRefusal;
use crate::store::{StoreError, Tx};
use crate::types::{ImportId, Timestamp};

/// What is the same for all batches.
#[derive(Clone)]
pub(super) struct BatchContext {
    /// The import, `None` in a dry run.
    pub import: Option<ImportId>,
    pub options: ImportOptions,
    pub by: Actor,
    pub now: Timestamp,
}

/// What became of a batch.
#[derive(Default)]
pub(super) struct BatchOutcome {
    pub counts: ImportCounts,
    pub problems: Vec<ImportProblem>,
    /// The numbers of the rows in `import_rows` from before that the source still has.
    pub seen: Vec<i64>,
}

impl BatchOutcome {
    /// Reports a row that is left out.
    pub(super) fn report_left_out(&mut self, row: u64, key: Option<String>, reason: impl Into<String>) {
        self.counts.left_out += 1;
        self.problems.push(ProblemKind::LeftOut.of(row, key, reason));
    }
}

/// Reports that a user has another name or address than at the source.
pub(super) fn report_renamed(note: Option<&'static str>, row: u64, key: &str, outcome: &mut BatchOutcome) {
    if let Some(note) = note {
        outcome.counts.renamed += 1;
        outcome.problems.push(ProblemKind::Renamed.of(row, Some(key.to_owned()), note));
    }
}

/// Adds an audit entry for each user.
pub(super) fn record(
    tx: &mut Tx<'_>,
    subjects: &[AuditSubject<'_>],
    context: &BatchContext,
) -> Result<(), StoreError> {
    let detail = context.import.map(|import| format!("import {import}"));
    context.by.record_all(tx, Action::Imported, subjects, detail.as_deref(), context.now)
}

/// Why a row was left out, with the other user.
pub(super) fn reason_of(tx: &mut Tx<'_>, refusal: ImportRefusal) -> Result<String, StoreError> {
    Ok(match refusal {
        ImportRefusal::Unusable(_) => refusal.to_string(),
        ImportRefusal::IdTaken(id) | ImportRefusal::UsernameTaken(id) | ImportRefusal::EmailTaken(id) => {
            format!("{refusal}: user {}", users::public_id(tx, id)?)
        }
    })
}
