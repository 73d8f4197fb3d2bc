//! Starting a bulk action: its users are stored, and then changed in the background.

use std::time::Duration;

use crate::accounts::bulk::action::BulkAction;
use crate::accounts::bulk::run;
use crate::accounts::bulk::run::LEASE;
use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::notices::UserNotice;
use crate::app::App;
use crate::store::tables::bulk_actions;
use crate::store::tables::bulk_actions::{BulkRecord, BulkState, NewBulk};
use crate::store::tables::bulk_users;
use crate::store::tables::bulk_users::BulkUser;
use crate::store::{StoreError, Tx};
use crate::types::{BrowserKey, BulkId, UserId};

/// How many users one transaction stores.
const BATCH: usize = 5_000;

/// How long the request waits for the end of the action before it is answered with how far it is.
const PATIENCE: Duration = Duration::from_millis(1500);

/// A bulk action that an administrator has confirmed.
#[derive(Debug)]
pub(crate) struct BulkOrder {
    /// The action.
    pub action: BulkAction,
    /// The users.
    pub users: Vec<BulkUser>,
    /// The reason, for the audit log.
    pub reason: Option<String>,
    /// Whether the users get a mail about their deletion.
    pub notice: UserNotice,
    /// The administrator.
    pub administrator: UserId,
    /// The administrator's session in the admin, which the end of sessions spares.
    pub key: BrowserKey,
}

/// Starts the action and waits a moment for its end; answers where it is then. It runs to its end even if the client
/// does not wait, and a restart of the server does not end it.
///
/// # Errors
/// If the store fails before the first change.
pub(crate) async fn start_bulk(app: &App, order: BulkOrder, by: &Actor) -> Result<BulkRecord, StoreError> {
    let lease = new_lease();
    let new = order.record(by, &lease, None, app);
    let now = app.clock.now();
    let id = app.store.write(move |tx| bulk_actions::insert(tx, &new, now)).await?;
    let (running, users) = (app.clone(), order.users);
    let work = tokio::spawn(async move {
        store_users(&running, id, &lease, users).await?;
        run::run(&running, id, lease).await
    });
    wait(app, id, work).await
}

impl BulkOrder {
    /// The order as a row.
    pub(super) fn record(&self, by: &Actor, lease: &str, undoes: Option<BulkId>, app: &App) -> NewBulk {
        NewBulk {
            action: self.action.word(),
            actor: self.administrator,
            address: by.address.map(|address| address.to_string()),
            user_agent: by.user_agent.clone(),
            session_hash: self.key.hash(),
            reason: self.reason.clone(),
            sends_notice: self.notice == UserNotice::Send,
            undoes,
            total: self.users.len() as u64,
            skipped: 0,
            lease: lease.to_owned(),
            lease_ends_at: app.clock.now().plus(LEASE),
        }
    }
}

/// A name for the process that works on an action, which no other one has.
pub(super) fn new_lease() -> String {
    format!("{:032x}", rand::random::<u128>())
}

/// Stores the users; after the last of them the action is running. Ends early if another process has ended the
/// action meanwhile, because this one was too slow.
async fn store_users(app: &App, id: BulkId, lease: &str, users: Vec<BulkUser>) -> Result<(), StoreError> {
    let mut batches = users.chunks(BATCH).peekable();
    while let Some(batch) = batches.next() {
        let (batch, lease, is_last) = (batch.to_vec(), lease.to_owned(), batches.peek().is_none());
        let ends_at = app.clock.now().plus(LEASE);
        let store = move |tx: &mut Tx<'_>| {
            let record = bulk_actions::lock(tx, id)?;
            if record.is_none_or(|record| record.lease.as_ref() != Some(&lease)) {
                return Ok(false);
            }
            bulk_users::add_users(tx, id, &batch)?;
            let state = if is_last { BulkState::Running } else { BulkState::Preparing };
            bulk_actions::lease(tx, id, state, &lease, ends_at)?;
            Ok::<bool, StoreError>(true)
        };
        if !app.store.write(store).await? {
            break;
        }
    }
    Ok(())
}

/// Waits for the work, but not long; answers where the action is.
pub(super) async fn wait(
    app: &App,
    id: BulkId,
    work: tokio::task::JoinHandle<Result<(), StoreError>>,
) -> Result<BulkRecord, StoreError> {
    // What became of the work is in the row: an error, too, leaves it where it is.
    let _ = tokio::time::timeout(PATIENCE, work).await;
    let record = app.store.read(move |conn| bulk_actions::by_id(conn, id)).await?;
    record.ok_or(StoreError::Interrupted)
}
