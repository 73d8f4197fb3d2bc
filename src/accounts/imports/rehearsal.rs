//! A dry run rolls back each batch, so it has to remember which names and addresses the batches before took.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::accounts::imports::batch_outcome::BatchOutcome;
use crate::accounts::imports::counts::ProblemKind;
use crate::accounts::imports::options::OnDuplicate;
use crate::accounts::imports::origin_rows::BadRow;
use crate::accounts::imports::user_row::MappedUser;

/// The names, addresses and keys of the rows before, as short digests with the numbers of the rows.
#[derive(Default)]
pub(super) struct Rehearsal {
    keys: HashMap<u64, u32>,
    names: HashMap<u64, u32>,
    emails: HashMap<u64, u32>,
}

impl Rehearsal {
    /// Takes the rows out of a batch that repeat one of an earlier batch, and says what would become of them.
    pub(super) fn take_repeated(
        &mut self,
        batch: &mut Vec<Result<MappedUser, BadRow>>,
        policy: OnDuplicate,
    ) -> BatchOutcome {
        let mut outcome = BatchOutcome::default();
        batch.retain(|row| {
            let Ok(row) = row else { return true };
            let Some((what, earlier)) = self.earlier(row) else { return true };
            outcome.counts.read += 1;
            let key = Some(row.key.clone());
            let reason = format!("row {earlier} has the same {what}");
            if what == "key" || policy == OnDuplicate::Report {
                outcome.report_left_out(row.number, key, reason);
            } else {
                outcome.counts.created += 1;
                outcome.counts.renamed += 1;
                outcome.problems.push(ProblemKind::Renamed.of(row.number, key, reason));
            }
            false
        });
        for row in batch.iter().flatten() {
            let number = u32::try_from(row.number).unwrap_or(u32::MAX);
            self.keys.entry(digest(&row.key)).or_insert(number);
            self.names.entry(digest(row.user.username.as_str())).or_insert(number);
            if !row.user.email.as_str().is_empty() {
                self.emails.entry(digest(row.user.email.key().as_str())).or_insert(number);
            }
        }
        outcome
    }

    fn earlier(&self, row: &MappedUser) -> Option<(&'static str, u32)> {
        let email = row.user.email.as_str();
        let email = (!email.is_empty()).then(|| digest(row.user.email.key().as_str()));
        self.keys
            .get(&digest(&row.key))
            .map(|earlier| ("key", *earlier))
            .or_else(|| Some(("username", *self.names.get(&digest(row.user.username.as_str()))?)))
            .or_else(|| Some(("email address", *self.emails.get(&email?)?)))
    }
}

fn digest(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
