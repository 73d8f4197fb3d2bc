//! An import: reads the source in batches, writes each in a transaction of its own, and says what became of every
//! row. An import that was interrupted is run again: what was written before counts as unchanged.

use crate::accounts::administration::activation::deactivate;
use crate::accounts::imports::batch::write_batch;
use crate::accounts::imports::batch_outcome::{BatchContext, BatchOutcome};
use crate::accounts::imports::counts::{ImportCounts, ProblemKind};
use crate::accounts::imports::error::ImportError;
use crate::accounts::imports::mapping::Mapping;
use crate::accounts::imports::mapping_text::{Reasons, to_toml};
use crate::accounts::imports::options::ImportOptions;
use crate::accounts::imports::reader::{BATCH, read_tokens, read_users};
use crate::accounts::imports::rehearsal::Rehearsal;
use crate::accounts::imports::source::UserSource;
use crate::accounts::imports::tokens::write_tokens;
use crate::accounts::shared::account_error::AccountError;
use crate::accounts::shared::actor::{Actor, AuditSubject};
use crate::app::App;
use crate::store::tables::audit::Action;
use crate::store::tables::imports::ImportProblem;
use crate::store::tables::{imports, users};
use crate::store::{Conn, StoreError, Tx};
use crate::types::{ImportId, Timestamp, UserId};

/// How many problems are stored and printed; the counts have all.
const MOST_PROBLEMS: usize = 10_000;

/// The reason in the audit log for a user who is gone at the source.
const GONE: &str = "gone at the source of the import";

/// What to import.
pub(crate) struct ImportOrder {
    /// The source, which was looked at.
    pub source: Box<dyn UserSource>,
    /// Its name, without a password.
    pub label: String,
    /// The mapping, which was checked.
    pub mapping: Mapping,
    /// How many users the source has.
    pub total: u64,
    pub options: ImportOptions,
}

/// What became of an import.
#[derive(Debug, Default)]
pub(crate) struct ImportSummary {
    /// Its number; `None` in a dry run.
    pub id: Option<ImportId>,
    pub counts: ImportCounts,
    /// The first rows that are reported.
    pub problems: Vec<ImportProblem>,
    /// How many there are.
    pub problem_count: u64,
}

/// What is being done, how much of it, and of how much.
pub(crate) type ReportProgress<'a> = &'a mut dyn FnMut(&'static str, u64, u64);

/// Imports users.
///
/// # Errors
/// If the source cannot be read to its end, or the store fails. What was written before stays.
pub(crate) async fn run_import(
    app: &App,
    order: ImportOrder,
    by: &Actor,
    progress: ReportProgress<'_>,
) -> Result<ImportSummary, ImportError> {
    let started = app.clock.now();
    let mut run = ImportRun {
        app,
        by,
        options: order.options,
        summary: ImportSummary::default(),
        seen: BitSet::default(),
        started,
        rehearsal: Rehearsal::default(),
    };
    if !order.options.is_dry_run {
        run.begin(&order).await?;
    }
    let done = run.all(order, progress).await;
    if let Some(id) = run.summary.id {
        let failure = done.as_ref().err().map(ToString::to_string);
        let now = app.clock.now();
        app.store.write(move |tx| imports::end(tx, id, failure.as_deref(), now)).await?;
    }
    done?;
    Ok(run.summary)
}

struct ImportRun<'a> {
    app: &'a App,
    by: &'a Actor,
    options: ImportOptions,
    summary: ImportSummary,
    /// The numbers of the rows of earlier imports that the source still has.
    seen: BitSet,
    started: Timestamp,
    rehearsal: Rehearsal,
}

/// The outcome of a batch that is rolled back.
enum Written {
    Failed(StoreError),
    RolledBack(Box<BatchOutcome>),
}

impl From<StoreError> for Written {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

impl ImportRun<'_> {
    async fn begin(&mut self, order: &ImportOrder) -> Result<(), StoreError> {
        let (label, mapping) = (order.label.clone(), to_toml(&order.mapping, &Reasons::new()));
        let (is_sync, total, now, by) = (self.options.is_sync, order.total, self.started, self.by.clone());
        let begin = move |tx: &mut Tx<'_>| {
            let id = imports::begin(tx, &label, &mapping, is_sync, total, now)?;
            let detail = format!("import {id} from {label}");
            by.record(tx, Action::ImportStarted, None::<AuditSubject<'_>>, Some(&detail), now)?;
            Ok::<_, StoreError>(id)
        };
        self.summary.id = Some(self.app.store.write(begin).await?);
        Ok(())
    }

    async fn all(&mut self, order: ImportOrder, progress: ReportProgress<'_>) -> Result<(), ImportError> {
        let ImportOrder { source, mapping, total, .. } = order;
        let mut reader = read_users(source, mapping.clone(), self.started);
        while let Some(mut batch) = reader.next().await {
            let context = BatchContext {
                import: self.summary.id,
                options: self.options,
                by: self.by.clone(),
                now: self.app.clock.now(),
            };
            let outcome = if self.options.is_dry_run {
                let repeated = self.rehearsal.take_repeated(&mut batch, self.options.on_duplicate);
                let mut outcome = self.rehearse(batch, context).await?;
                outcome.counts.add(&repeated.counts);
                outcome.problems.extend(repeated.problems);
                outcome
            } else {
                self.app.store.write(move |tx| write_batch(tx, batch, &context)).await?
            };
            self.seen.extend(&outcome.seen);
            self.note(outcome.counts, outcome.problems).await?;
            progress("users", self.summary.counts.read, total);
        }
        let source = reader.finish()?;
        if self.options.is_sync {
            self.report_missing(progress).await?;
        }
        if self.options.with_tokens && !self.options.is_dry_run {
            self.tokens(source, mapping, progress).await?;
        }
        Ok(())
    }

    /// Writes a batch and rolls it back.
    async fn rehearse(
        &self,
        batch: Vec<Result<super::user_row::MappedUser, super::origin_rows::BadRow>>,
        context: BatchContext,
    ) -> Result<BatchOutcome, StoreError> {
        let write = move |tx: &mut Tx<'_>| -> Result<(), Written> {
            Err(Written::RolledBack(Box::new(write_batch(tx, batch, &context)?)))
        };
        match self.app.store.write(write).await {
            Err(Written::RolledBack(outcome)) => Ok(*outcome),
            Err(Written::Failed(error)) => Err(error),
            Ok(()) => Ok(BatchOutcome::default()),
        }
    }

    /// Adds to the summary, and to the stored import.
    async fn note(
        &mut self,
        counts: ImportCounts,
        mut problems: Vec<ImportProblem>,
    ) -> Result<(), StoreError> {
        self.summary.counts.add(&counts);
        self.summary.problem_count += problems.len() as u64;
        let first = self.summary.problems.len();
        problems.truncate(MOST_PROBLEMS.saturating_sub(first));
        self.summary.problems.extend_from_slice(&problems);
        let Some(id) = self.summary.id else { return Ok(()) };
        let (read, counts, now) =
            (self.summary.counts.read, serde_json::Value::from(&self.summary.counts), self.app.clock.now());
        let note = move |tx: &mut Tx<'_>| {
            imports::add_problems(tx, id, first as u64, &problems)?;
            imports::note_progress(tx, id, read, &counts, now)
        };
        self.app.store.write(note).await
    }

    /// Reports the users of earlier imports that the source did not have, and deactivates them if that was asked
    /// for. An empty source is no reason: it is more likely the wrong one.
    async fn report_missing(&mut self, progress: ReportProgress<'_>) -> Result<(), ImportError> {
        if self.summary.counts.read == 0 {
            return Ok(());
        }
        let (mut after, mut looked) = (0, 0);
        loop {
            let (limit, last) = (BATCH as i64, after);
            let read = move |conn: &mut Conn| imports::page_of_rows(conn, last, limit);
            let page = self.app.store.read_aside(read).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.id;
            looked += page.len() as u64;
            let is_missing =
                |row: &&imports::ImportedRow| row.written_at < self.started && !self.seen.contains(row.id);
            let missing: Vec<(String, UserId)> =
                page.iter().filter(is_missing).map(|row| (row.key.clone(), row.user)).collect();
            let (mut counts, mut problems) = (ImportCounts::default(), Vec::new());
            for (key, user) in missing {
                self.report_one_missing(key, user, &mut counts, &mut problems).await?;
            }
            if !problems.is_empty() {
                self.note(counts, problems).await?;
            }
            progress("earlier users", looked, looked);
        }
    }

    async fn report_one_missing(
        &self,
        key: String,
        id: UserId,
        counts: &mut ImportCounts,
        problems: &mut Vec<ImportProblem>,
    ) -> Result<(), ImportError> {
        // An account that is gone here as well is no difference.
        let Some(user) = self.app.store.read_aside(move |conn| users::by_id(conn, id)).await? else {
            return Ok(());
        };
        counts.missing += 1;
        let mut reason = format!("user {} is gone at the source", user.public_id());
        if self.options.deactivates_missing && user.is_active {
            if self.options.is_dry_run {
                counts.deactivated += 1;
                reason.push_str(", and is deactivated");
            } else {
                match deactivate(self.app, id, Some(GONE.to_owned()), self.by).await {
                    Ok(_) => {
                        counts.deactivated += 1;
                        reason.push_str(", and was deactivated");
                    }
                    Err(AccountError::Store(error)) => return Err(error.into()),
                    Err(error) => reason.push_str(&format!(", and stays active: {error}")),
                }
            }
        }
        problems.push(ProblemKind::Missing.of(0, Some(key), reason));
        Ok(())
    }

    async fn tokens(
        &mut self,
        source: Box<dyn UserSource>,
        mapping: Mapping,
        progress: ReportProgress<'_>,
    ) -> Result<(), ImportError> {
        let kind = mapping.users.id_kind;
        let mut reader = read_tokens(source, mapping, self.started);
        let mut done = 0;
        while let Some(batch) = reader.next().await {
            done += batch.len() as u64;
            let now = self.app.clock.now();
            let write = move |tx: &mut Tx<'_>| write_tokens(tx, batch, kind, now);
            let (counts, problems) = self.app.store.write(write).await?;
            self.note(counts, problems).await?;
            progress("tokens", done, done);
        }
        reader.finish()?;
        Ok(())
    }
}

/// A set of small numbers, of a bit each.
#[derive(Default)]
struct BitSet(Vec<u64>);

impl BitSet {
    fn place(number: i64) -> (usize, u64) {
        let number = usize::try_from(number).unwrap_or(0);
        (number / 64, 1 << (number % 64))
    }

    fn extend(&mut self, numbers: &[i64]) {
        for number in numbers {
            let (word, bit) = Self::place(*number);
            if word >= self.0.len() {
                self.0.resize(word + 1, 0);
            }
            if let Some(word) = self.0.get_mut(word) {
                *word |= bit;
            }
        }
    }

    fn contains(&self, number: i64) -> bool {
        let (word, bit) = Self::place(number);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }
}
