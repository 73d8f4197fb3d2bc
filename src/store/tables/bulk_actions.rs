//! Table `bulk_actions`: actions on many users, and how far each of them is. A process works on an action while it has its lease; when the lease is over, another one takes it over.

use diesel::prelude::*;

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::bulk_actions;
use crate::store::engine::schema::bulk_actions::dsl;
use crate::store::tables::bulk_users;
use crate::store::tables::bulk_users::{BulkResult, CHANGED};
use crate::types::{BulkId, Timestamp, UserId};

/// Where a bulk action is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BulkState {
    /// Its users are being stored; none is changed yet.
    Preparing,
    /// Users are being changed.
    Running,
    /// All users were changed or skipped.
    Done,
    /// It ended before all users were changed or skipped.
    Stopped,
}

impl BulkState {
    const WORDS: [(&str, Self); 4] = [
        ("preparing", Self::Preparing),
        ("running", Self::Running),
        ("done", Self::Done),
        ("stopped", Self::Stopped),
    ];

    fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, state)| *state == self).map_or("", |(word, _)| word)
    }

    /// Whether there may be something left to do.
    pub(crate) const fn is_open(self) -> bool {
        matches!(self, Self::Preparing | Self::Running)
    }
}

/// A bulk action.
#[derive(Clone, Debug)]
pub(crate) struct BulkRecord {
    /// The number.
    pub id: BulkId,
    /// The word of the action.
    pub action: String,
    /// The administrator.
    pub actor: UserId,
    /// The address of the administrator's client, until the end.
    pub address: Option<String>,
    /// The administrator's client, until the end.
    pub user_agent: Option<String>,
    /// The hash of the administrator's session in the admin, until the end.
    pub session_hash: Option<Vec<u8>>,
    /// The reason that the administrator gave.
    pub reason: Option<String>,
    /// Whether the users get a mail about their deletion.
    pub sends_notice: bool,
    /// The bulk action that this one undoes.
    pub undoes: Option<BulkId>,
    /// Where it is.
    pub state: BulkState,
    /// How many users it concerns.
    pub total: u64,
    /// How many it has changed.
    pub changed: u64,
    /// How many it has skipped.
    pub skipped: u64,
    /// When it was requested.
    pub created_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// The process that works on it.
    pub lease: Option<String>,
    /// Until when no other process takes it over.
    pub lease_ends_at: Option<Timestamp>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = bulk_actions)]
struct BulkColumns {
    id: i64,
    action: String,
    actor_id: i64,
    address: Option<String>,
    user_agent: Option<String>,
    session_hash: Option<Vec<u8>>,
    reason: Option<String>,
    sends_notice: bool,
    undoes: Option<i64>,
    state: String,
    total: i64,
    changed: i64,
    skipped: i64,
    created_at: i64,
    ended_at: Option<i64>,
    lease: Option<String>,
    lease_ends_at: Option<i64>,
}

impl From<BulkColumns> for BulkRecord {
    fn from(row: BulkColumns) -> Self {
        let state = BulkState::WORDS.iter().find(|(word, _)| *word == row.state);
        let count = |number: i64| u64::try_from(number).unwrap_or(0);
        Self {
            id: BulkId::new(row.id),
            action: row.action,
            actor: UserId::new(row.actor_id),
            address: row.address,
            user_agent: row.user_agent,
            session_hash: row.session_hash,
            reason: row.reason,
            sends_notice: row.sends_notice,
            undoes: row.undoes.map(BulkId::new),
            // A state of a later version is none that this one could work on.
            state: state.map_or(BulkState::Stopped, |(_, state)| *state),
            total: count(row.total),
            changed: count(row.changed),
            skipped: count(row.skipped),
            created_at: Timestamp::from_micros(row.created_at),
            ended_at: row.ended_at.map(Timestamp::from_micros),
            lease: row.lease,
            lease_ends_at: row.lease_ends_at.map(Timestamp::from_micros),
        }
    }
}

/// A bulk action to insert, without its users.
#[derive(Clone, Debug)]
pub(crate) struct NewBulk {
    /// The word of the action.
    pub action: &'static str,
    /// The administrator.
    pub actor: UserId,
    /// The address of the administrator's client.
    pub address: Option<String>,
    /// The administrator's client.
    pub user_agent: Option<String>,
    /// The hash of the administrator's session in the admin.
    pub session_hash: [u8; 32],
    /// The reason that the administrator gave.
    pub reason: Option<String>,
    /// Whether the users get a mail about their deletion.
    pub sends_notice: bool,
    /// The bulk action that this one undoes.
    pub undoes: Option<BulkId>,
    /// How many users it concerns.
    pub total: u64,
    /// How many of them are skipped already.
    pub skipped: u64,
    /// The process that works on it.
    pub lease: String,
    /// Until when no other process takes it over.
    pub lease_ends_at: Timestamp,
}

/// Inserts an action that is being prepared.
pub(crate) fn insert(tx: &mut Tx<'_>, new: &NewBulk, now: Timestamp) -> Result<BulkId, StoreError> {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let columns = (
        bulk_actions::action.eq(new.action),
        bulk_actions::actor_id.eq(new.actor.get()),
        bulk_actions::address.eq(new.address.as_deref()),
        bulk_actions::user_agent.eq(new.user_agent.as_deref()),
        bulk_actions::session_hash.eq(new.session_hash.to_vec()),
        bulk_actions::reason.eq(new.reason.as_deref()),
        bulk_actions::sends_notice.eq(new.sends_notice),
        bulk_actions::undoes.eq(new.undoes.map(BulkId::get)),
        bulk_actions::state.eq(BulkState::Preparing.word()),
        bulk_actions::total.eq(number(new.total)),
        bulk_actions::changed.eq(0),
        bulk_actions::skipped.eq(number(new.skipped)),
        bulk_actions::created_at.eq(now.micros()),
        bulk_actions::lease.eq(new.lease.as_str()),
        bulk_actions::lease_ends_at.eq(new.lease_ends_at.micros()),
    );
    let id = diesel::insert_into(bulk_actions::table).values(columns).returning(bulk_actions::id);
    Ok(BulkId::new(id.get_result::<i64>(&mut **tx)?))
}

/// The action with this number.
pub(crate) fn by_id(conn: &mut Conn, id: BulkId) -> Result<Option<BulkRecord>, StoreError> {
    let row = dsl::bulk_actions.find(id.get()).select(BulkColumns::as_select()).get_result(conn);
    Ok(row.optional()?.map(BulkRecord::from))
}

/// Locks the action until the transaction ends, and reads it.
pub(crate) fn lock(tx: &mut Tx<'_>, id: BulkId) -> Result<Option<BulkRecord>, StoreError> {
    dialect::lock_row(tx, "bulk_actions", id.get())?;
    by_id(tx, id)
}

/// The undo of an action.
pub(crate) fn undo_of(conn: &mut Conn, id: BulkId) -> Result<Option<BulkId>, StoreError> {
    let undo = dsl::bulk_actions.filter(dsl::undoes.eq(id.get())).select(dsl::id);
    Ok(undo.get_result::<i64>(conn).optional()?.map(BulkId::new))
}

/// The last `limit` actions, the newest first.
pub(crate) fn recent(conn: &mut Conn, limit: i64) -> Result<Vec<BulkRecord>, StoreError> {
    let rows: Vec<BulkColumns> =
        dsl::bulk_actions.order(dsl::id.desc()).limit(limit).select(BulkColumns::as_select()).load(conn)?;
    Ok(rows.into_iter().map(BulkRecord::from).collect())
}

/// The open actions whose lease was over at `now`.
pub(crate) fn abandoned(conn: &mut Conn, now: Timestamp) -> Result<Vec<BulkId>, StoreError> {
    let open = [BulkState::Preparing.word(), BulkState::Running.word()];
    let abandoned = dsl::bulk_actions
        .filter(dsl::state.eq_any(open))
        .filter(dsl::lease_ends_at.le(now.micros()))
        .order(dsl::id)
        .select(dsl::id);
    Ok(abandoned.load::<i64>(conn)?.into_iter().map(BulkId::new).collect())
}

/// Gives the locked action to a process.
pub(crate) fn lease(
    tx: &mut Tx<'_>,
    id: BulkId,
    state: BulkState,
    lease: &str,
    ends_at: Timestamp,
) -> Result<(), StoreError> {
    let columns =
        (dsl::state.eq(state.word()), dsl::lease.eq(lease), dsl::lease_ends_at.eq(ends_at.micros()));
    diesel::update(dsl::bulk_actions.find(id.get())).set(columns).execute(&mut **tx)?;
    Ok(())
}

/// Lets another process take the action over at once.
pub(crate) fn release(tx: &mut Tx<'_>, id: BulkId, lease: &str, now: Timestamp) -> Result<(), StoreError> {
    let mine = dsl::bulk_actions.find(id.get()).filter(dsl::lease.eq(lease));
    diesel::update(mine).set(dsl::lease_ends_at.eq(now.micros())).execute(&mut **tx)?;
    Ok(())
}

/// Records what became of some users. `version` is `User::updated_at` of those that were changed.
pub(crate) fn record(
    tx: &mut Tx<'_>,
    bulk: &BulkRecord,
    results: &[BulkResult],
    version: Timestamp,
    lease_ends_at: Timestamp,
) -> Result<(), StoreError> {
    bulk_users::record(tx, bulk.id, results, version)?;
    let changed = results.iter().filter(|result| result.outcome == CHANGED).count() as i64;
    let skipped = results.len() as i64 - changed;
    let columns = (
        dsl::changed.eq(dsl::changed + changed),
        dsl::skipped.eq(dsl::skipped + skipped),
        dsl::lease_ends_at.eq(lease_ends_at.micros()),
    );
    diesel::update(dsl::bulk_actions.find(bulk.id.get())).set(columns).execute(&mut **tx)?;
    Ok(())
}

/// Ends the locked action. `missing` of its users were deleted before it came to them: they count as skipped.
pub(crate) fn end(
    tx: &mut Tx<'_>,
    id: BulkId,
    state: BulkState,
    missing: u64,
    now: Timestamp,
) -> Result<(), StoreError> {
    let columns = (
        dsl::state.eq(state.word()),
        dsl::skipped.eq(dsl::skipped + i64::try_from(missing).unwrap_or(0)),
        dsl::ended_at.eq(now.micros()),
        dsl::address.eq(None::<String>),
        dsl::user_agent.eq(None::<String>),
        dsl::session_hash.eq(None::<Vec<u8>>),
        dsl::lease.eq(None::<String>),
        dsl::lease_ends_at.eq(None::<i64>),
    );
    diesel::update(dsl::bulk_actions.find(id.get())).set(columns).execute(&mut **tx)?;
    Ok(())
}

/// Deletes at most `limit` users of actions that ended before `before`; answers how many.
pub(crate) fn sweep_users(tx: &mut Tx<'_>, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
    let old = dsl::bulk_actions.filter(dsl::ended_at.lt(before.micros())).select(dsl::id);
    let ids: Vec<i64> = old.load(&mut **tx)?;
    let mut swept = 0;
    for id in ids {
        swept += bulk_users::remove(tx, BulkId::new(id), limit - swept)?;
        if swept >= limit {
            break;
        }
    }
    Ok(swept)
}

/// Deletes the actions that ended before `before`.
pub(crate) fn sweep(tx: &mut Tx<'_>, before: Timestamp) -> Result<usize, StoreError> {
    Ok(diesel::delete(dsl::bulk_actions.filter(dsl::ended_at.lt(before.micros()))).execute(&mut **tx)?)
}

/// Ends the leases that would last longer than one from `now` on: a clock that was ahead gave them.
pub(crate) fn correct_future(
    tx: &mut Tx<'_>,
    latest: Timestamp,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let future = dsl::bulk_actions.filter(dsl::lease_ends_at.gt(latest.micros()));
    Ok(diesel::update(future).set(dsl::lease_ends_at.eq(now.micros())).execute(&mut **tx)?)
}
