//! One batch of users: what is new is inserted, what has changed at the source is brought up to date, all in one
//! transaction with its audit entries.

use std::collections::{HashMap, HashSet};

use crate::accounts::imports::counts::{ImportCounts, ProblemKind};
use crate::accounts::imports::duplicates::resolve;
use crate::accounts::imports::options::ImportOptions;
use crate::accounts::imports::origin_rows::BadRow;
use crate::accounts::imports::user_row::MappedUser;
use crate::accounts::shared::actor::{Actor, AuditSubject};
use crate::store::engine::dialect;
use crate::store::tables::audit::Action;
use crate::store::tables::imports::{ImportProblem, ImportedRow, NewImportedRow};
use crate::store::tables::users::{ImportRefusal, ImportedUser, insert_imported, update_imported};
use crate::store::tables::{deleted_accounts, imports, users};
use crate::store::{StoreError, Tx};
use crate::types::{Email, ImportId, Timestamp, UserId};

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

/// Writes a batch.
pub(super) fn write_batch(
    tx: &mut Tx<'_>,
    rows: Vec<Result<MappedUser, BadRow>>,
    context: &BatchContext,
) -> Result<BatchOutcome, StoreError> {
    // Two imports at once would both take a key for a new one.
    dialect::lock(tx, &["import".to_owned()])?;
    let mut outcome = BatchOutcome::default();
    outcome.counts.read = rows.len() as u64;
    let mut mapped = Vec::with_capacity(rows.len());
    for row in rows {
        match row {
            Ok(row) => mapped.push(row),
            Err(bad) => outcome.report_left_out(bad.number, bad.key, bad.reason),
        }
    }
    let mut known = known_rows(tx, &mapped)?;
    let (mut new, mut keys) = (Vec::new(), HashSet::new());
    for row in mapped {
        if !keys.insert(row.key.clone()) {
            outcome.report_left_out(row.number, Some(row.key), "an earlier row has the same key");
            continue;
        }
        match known.remove(&row.key) {
            None => new.push(row),
            Some(before) => {
                outcome.seen.push(before.id);
                bring_up_to_date(tx, &row, &before, context, &mut outcome)?;
            }
        }
    }
    let new = without_deleted(tx, new, context, &mut outcome)?;
    insert(tx, new, context, &mut outcome)?;
    Ok(outcome)
}

fn known_rows(tx: &mut Tx<'_>, rows: &[MappedUser]) -> Result<HashMap<String, ImportedRow>, StoreError> {
    let keys: Vec<&str> = rows.iter().map(|row| row.key.as_str()).collect();
    let known = imports::by_origin_keys(tx, &keys)?;
    Ok(known.into_iter().map(|row| (row.key.clone(), row)).collect())
}

fn bring_up_to_date(
    tx: &mut Tx<'_>,
    row: &MappedUser,
    before: &ImportedRow,
    context: &BatchContext,
    outcome: &mut BatchOutcome,
) -> Result<(), StoreError> {
    if before.digest == row.digest {
        outcome.counts.unchanged += 1;
        return Ok(());
    }
    if !context.options.is_sync {
        outcome.counts.changed_at_source += 1;
        return Ok(());
    }
    let Some(user) = users::lock(tx, before.user)? else {
        outcome.counts.deleted_here += 1;
        let problem =
            ProblemKind::DeletedHere.of(row.number, Some(row.key.clone()), "the account was deleted here");
        outcome.problems.push(problem);
        return Ok(());
    };
    if user.updated_at != before.written_at {
        outcome.counts.changed_on_both_sides += 1;
        let reason = format!("user {} was changed here and at the source, and stays as it is here", user.id);
        outcome.problems.push(ProblemKind::ChangedOnBothSides.of(row.number, Some(row.key.clone()), reason));
        return Ok(());
    }
    let mut write = |tx: &mut Tx<'_>, imported: &ImportedUser| {
        Ok(update_imported(tx, user.id, imported, context.now)?.map(|()| user.id))
    };
    let written = match write(tx, &row.user)? {
        Ok(_) => Ok(None),
        Err(refusal) => {
            let policy = context.options.on_duplicate;
            let resolved = resolve(tx, &row.user, refusal, policy, context.now, &mut write)?;
            resolved.map(|resolved| Some(resolved.note))
        }
    };
    match written {
        Err(refusal) => outcome.report_left_out(row.number, Some(row.key.clone()), reason_of(refusal)),
        Ok(note) => {
            outcome.counts.changed += 1;
            report_renamed(note, row.number, &row.key, outcome);
            imports::rewrite_row(tx, before.id, &row.digest, context.now)?;
            record(tx, &[AuditSubject::new(user.id, row.user.username.as_str())], context)?;
        }
    }
    Ok(())
}

fn report_renamed(note: Option<&'static str>, row: u64, key: &str, outcome: &mut BatchOutcome) {
    if let Some(note) = note {
        outcome.counts.renamed += 1;
        outcome.problems.push(ProblemKind::Renamed.of(row, Some(key.to_owned()), note));
    }
}

/// Takes out the users whose account was deleted here.
fn without_deleted(
    tx: &mut Tx<'_>,
    rows: Vec<MappedUser>,
    context: &BatchContext,
    outcome: &mut BatchOutcome,
) -> Result<Vec<MappedUser>, StoreError> {
    let emails: Vec<&Email> = rows.iter().map(|row| &row.user.email).collect();
    let deleted = deleted_accounts::are_deleted(tx, &emails, context.now)?;
    let mut rest = Vec::with_capacity(rows.len());
    for (row, is_deleted) in rows.into_iter().zip(deleted) {
        if !is_deleted {
            rest.push(row);
            continue;
        }
        outcome.counts.deleted_here += 1;
        let reason = "an account with this address was deleted here";
        outcome.problems.push(ProblemKind::DeletedHere.of(row.number, Some(row.key), reason));
    }
    Ok(rest)
}

fn insert(
    tx: &mut Tx<'_>,
    rows: Vec<MappedUser>,
    context: &BatchContext,
    outcome: &mut BatchOutcome,
) -> Result<(), StoreError> {
    let mut users = Vec::with_capacity(rows.len());
    let mut sources = Vec::with_capacity(rows.len());
    for MappedUser { number, key, user, digest } in rows {
        users.push(user);
        sources.push((number, key, digest));
    }
    let inserted = insert_imported(tx, &users, context.now)?;
    let (mut written, mut refused) = (WrittenUsers::default(), Vec::new());
    for ((user, source), inserted) in users.iter().zip(sources).zip(inserted) {
        match inserted {
            Ok(id) => written.add(id, user, source, outcome),
            Err(refusal) => refused.push((user, source, refusal)),
        }
    }
    written.store(tx, context)?;
    // After the others, which may give way.
    let mut written = WrittenUsers::default();
    for (user, source, refusal) in refused {
        let policy = context.options.on_duplicate;
        let mut write = |tx: &mut Tx<'_>, user: &ImportedUser| {
            let one = insert_imported(tx, std::slice::from_ref(user), context.now)?.pop();
            one.ok_or(StoreError::Interrupted)
        };
        match resolve(tx, user, refusal, policy, context.now, &mut write)? {
            Err(refusal) => outcome.report_left_out(source.0, Some(source.1), reason_of(refusal)),
            Ok(resolved) => {
                report_renamed(Some(resolved.note), source.0, &source.1, outcome);
                written.add(resolved.user, user, source, outcome);
            }
        }
    }
    written.store(tx, context)
}

/// The number, the key and the digest of a row.
type RowSource = (u64, String, [u8; 32]);

/// Users that were inserted, to be noted with their keys and their audit entries.
#[derive(Default)]
struct WrittenUsers<'a> {
    rows: Vec<NewImportedRow>,
    subjects: Vec<AuditSubject<'a>>,
}

impl<'a> WrittenUsers<'a> {
    fn add(&mut self, id: UserId, user: &'a ImportedUser, source: RowSource, outcome: &mut BatchOutcome) {
        let (_, key, digest) = source;
        outcome.counts.created += 1;
        self.rows.push(NewImportedRow { key, user: id, digest });
        self.subjects.push(AuditSubject::new(id, user.username.as_str()));
    }

    fn store(self, tx: &mut Tx<'_>, context: &BatchContext) -> Result<(), StoreError> {
        imports::insert_rows(tx, &self.rows, context.now)?;
        record(tx, &self.subjects, context)
    }
}

fn record(tx: &mut Tx<'_>, subjects: &[AuditSubject<'_>], context: &BatchContext) -> Result<(), StoreError> {
    let detail = context.import.map(|import| format!("import {import}"));
    context.by.record_all(tx, Action::Imported, subjects, detail.as_deref(), context.now)
}

/// Why a row was left out, with the other user.
fn reason_of(refusal: ImportRefusal) -> String {
    let other = |other: UserId| format!("{refusal}: user {other}");
    match refusal {
        ImportRefusal::Unusable(_) => refusal.to_string(),
        ImportRefusal::IdTaken(id) | ImportRefusal::UsernameTaken(id) | ImportRefusal::EmailTaken(id) => {
            other(id)
        }
    }
}
