//! Users of a batch that have changed at the source. Those that keep their name and address, as most do, are written
//! together; the others one by one, since each may take what another one gives up.

use crate::accounts::imports::batch_outcome::{
    BatchContext, BatchOutcome, reason_of, record, report_renamed,
};
use crate::accounts::imports::counts::ProblemKind;
use crate::accounts::imports::duplicates::resolve;
use crate::accounts::imports::user_row::MappedUser;
use crate::accounts::shared::actor::AuditSubject;
use crate::store::tables::imports::ImportedRow;
use crate::store::tables::users::{ImportedUser, keeps_names, update_all_imported, update_imported};
use crate::store::tables::{imports, users};
use crate::store::{StoreError, Tx};
use crate::types::UserId;

/// A row that has changed, with what the last import noted.
pub(super) type ChangedRow = (MappedUser, ImportedRow);

/// Brings users up to date, if that was asked for.
pub(super) fn bring_up_to_date(
    tx: &mut Tx<'_>,
    changed: &[ChangedRow],
    context: &BatchContext,
    outcome: &mut BatchOutcome,
) -> Result<(), StoreError> {
    if !context.options.is_sync {
        outcome.counts.changed_at_source += changed.len() as u64;
        return Ok(());
    }
    let ids: Vec<UserId> = changed.iter().map(|(_, before)| before.user).collect();
    let locked = users::lock_all(tx, &ids)?;
    let (mut plain, mut others) = (Vec::new(), Vec::new());
    for (row, before) in changed {
        let key = || Some(row.key.clone());
        let Some(user) = locked.get(&before.user) else {
            outcome.counts.deleted_here += 1;
            outcome.problems.push(ProblemKind::DeletedHere.of(
                row.number,
                key(),
                "the account was deleted here",
            ));
            continue;
        };
        if user.updated_at != before.written_at {
            outcome.counts.changed_on_both_sides += 1;
            let id = user.public_id();
            let reason = format!("user {id} was changed here and at the source, and stays as it is here");
            outcome.problems.push(ProblemKind::ChangedOnBothSides.of(row.number, key(), reason));
            continue;
        }
        match keeps_names(user, &row.user) {
            true => plain.push((row, before)),
            false => others.push((row, before)),
        }
    }
    let mut written = Vec::with_capacity(changed.len());
    for (row, before) in others {
        if update_one(tx, row, before.user, context, outcome)? {
            written.push((row, before));
        }
    }
    let together: Vec<(UserId, &ImportedUser)> =
        plain.iter().map(|(row, before)| (before.user, &row.user)).collect();
    update_all_imported(tx, &together, context.now)?;
    written.extend(plain);
    outcome.counts.changed += written.len() as u64;
    let digests: Vec<(i64, [u8; 32])> = written.iter().map(|(row, before)| (before.id, row.digest)).collect();
    imports::rewrite_rows(tx, &digests, context.now)?;
    let subject = |(row, before): &(&MappedUser, &ImportedRow)| (before.user, row.user.username.to_string());
    let subjects: Vec<(UserId, String)> = written.iter().map(subject).collect();
    let subjects: Vec<_> = subjects.iter().map(|(id, name)| AuditSubject::new(*id, name)).collect();
    record(tx, &subjects, context)
}

/// Updates a user; answers whether it was.
fn update_one(
    tx: &mut Tx<'_>,
    row: &MappedUser,
    user: UserId,
    context: &BatchContext,
    outcome: &mut BatchOutcome,
) -> Result<bool, StoreError> {
    let mut write = |tx: &mut Tx<'_>, imported: &ImportedUser| {
        Ok(update_imported(tx, user, imported, context.now)?.map(|()| user))
    };
    let refusal = match write(tx, &row.user)? {
        Ok(_) => return Ok(true),
        Err(refusal) => refusal,
    };
    match resolve(tx, &row.user, refusal, context.options.on_duplicate, context.now, &mut write)? {
        Ok(resolved) => {
            report_renamed(Some(resolved.note), row.number, &row.key, outcome);
            Ok(true)
        }
        Err(refusal) => {
            outcome.report_left_out(row.number, Some(row.key.clone()), reason_of(tx, refusal)?);
            Ok(false)
        }
    }
}
