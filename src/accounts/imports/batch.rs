//! One batch of users: what is new is inserted, what has changed at the source is brought up to date, all in one
//! transaction with its audit entries.

use std::collections::{HashMap, HashSet};

use crate::accounts::imports::batch_outcome::{
    BatchContext, BatchOutcome, reason_of, record, report_renamed,
};
use crate::accounts::imports::changes::bring_up_to_date;
use crate::accounts::imports::counts::ProblemKind;
use crate::accounts::imports::duplicates::resolve;
use crate::accounts::imports::origin_rows::BadRow;
use crate::accounts::imports::user_row::MappedUser;
use crate::accounts::shared::actor::AuditSubject;
use crate::store::engine::dialect;
use crate::store::tables::imports::{ImportedRow, NewImportedRow};
use crate::store::tables::users::{ImportedUser, insert_imported};
use crate::store::tables::{deleted_accounts, imports};
use crate::store::{StoreError, Tx};
use crate::types::{Email, UserId};

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
    let (mut new, mut changed, mut keys) = (Vec::new(), Vec::new(), HashSet::new());
    for row in mapped {
        if !keys.insert(row.key.clone()) {
            outcome.report_left_out(row.number, Some(row.key), "an earlier row has the same key");
            continue;
        }
        match known.remove(&row.key) {
            None => new.push(row),
            Some(before) => {
                outcome.seen.push(before.id);
                match before.digest == row.digest {
                    true => outcome.counts.unchanged += 1,
                    false => changed.push((row, before)),
                }
            }
        }
    }
    bring_up_to_date(tx, &changed, context, &mut outcome)?;
    let new = without_deleted(tx, new, context, &mut outcome)?;
    insert(tx, new, context, &mut outcome)?;
    Ok(outcome)
}

fn known_rows(tx: &mut Tx<'_>, rows: &[MappedUser]) -> Result<HashMap<String, ImportedRow>, StoreError> {
    let keys: Vec<&str> = rows.iter().map(|row| row.key.as_str()).collect();
    let known = imports::by_origin_keys(tx, &keys)?;
    Ok(known.into_iter().map(|row| (row.key.clone(), row)).collect())
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
            Err(refusal) => outcome.report_left_out(source.0, Some(source.1), reason_of(tx, refusal)?),
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
