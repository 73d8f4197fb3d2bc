//! The users that a bulk action affects and skips, before it is confirmed.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use crate::accounts::{BulkAction, SkipReason};
use crate::store::queries::user_list;
use crate::store::queries::user_list::ListedUser;
use crate::store::tables::bulk_users::BulkUser;
use crate::store::{Conn, StoreError};
use crate::texts::Lang;
use crate::types::UserId;

/// How many affected users the page names.
pub(super) const AFFECTED_NAMED: usize = 100;

/// How many skipped users the page names, for each reason.
const SKIPPED_NAMED: usize = 5;

/// Above so many users every action asks for their number.
const MANY: usize = 20;

/// An action on more than one of so many of all users asks for their number.
const SHARE: usize = 10;

/// The users that a request affects and skips.
pub(super) struct BulkPlan {
    action: BulkAction,
    t: Lang,
    oneself: UserId,
    /// How many users are selected, affected or skipped.
    pub selected: usize,
    pub affected: Vec<BulkUser>,
    /// How many of the affected users are administrators.
    pub affected_admins: usize,
    /// The first affected users, for display.
    pub names: Vec<String>,
    skipped: BTreeMap<SkipReason, Skipped>,
    digest: Sha256,
    /// Whether more than a tenth of all users is affected.
    is_large_share: bool,
}

/// The users skipped for one reason.
#[derive(Default)]
struct Skipped {
    count: usize,
    /// The first ones.
    names: Vec<String>,
}

impl BulkPlan {
    /// A plan without users.
    pub(super) fn new(action: BulkAction, t: Lang, oneself: UserId) -> Self {
        Self {
            action,
            t,
            oneself,
            selected: 0,
            affected: Vec::new(),
            affected_admins: 0,
            names: Vec::new(),
            skipped: BTreeMap::new(),
            digest: Sha256::new(),
            is_large_share: false,
        }
    }

    /// Adds a selected user.
    pub(super) fn add(&mut self, user: &ListedUser) {
        self.selected += 1;
        if let Some(reason) = self.action.skip_reason(user.id(), user, Some(self.oneself)) {
            let skipped = self.skipped.entry(reason).or_default();
            skipped.count += 1;
            if skipped.names.len() < SKIPPED_NAMED {
                skipped.names.push(user.username.clone());
            }
            return;
        }
        if self.names.len() < AFFECTED_NAMED {
            let kind = if user.is_admin { format!(" · {}", self.t.state_admin()) } else { String::new() };
            let email = match user.email().is_blank() {
                true => String::new(),
                false => format!(" ({})", user.email),
            };
            self.names.push(format!("{}{email}{kind}", user.username));
        }
        self.affected_admins += usize::from(user.is_admin);
        self.digest.update(user.id().get().to_be_bytes());
        for displayed in [&user.username, &user.email] {
            self.digest.update(displayed.as_bytes());
            self.digest.update([0, u8::from(user.is_admin)]);
        }
        self.affected.push(self.action.user(user));
    }

    /// Finds out whether a large share of all users is affected.
    pub(super) fn compare_with_all(&mut self, conn: &mut Conn) -> Result<(), StoreError> {
        let affected = self.affected.len();
        if (2..=MANY).contains(&affected) {
            let enough = affected * SHARE;
            self.is_large_share = user_list::count_up_to(conn, enough)? < enough;
        }
        Ok(())
    }

    /// A digest of the affected users as the page displays them.
    pub(super) fn selection_digest(&self) -> String {
        hex::encode(&self.digest.clone().finalize()[..8])
    }

    /// Whether the administrator has to type the number of users (decision 0083).
    pub(super) fn needs_count(&self) -> bool {
        let affected = self.affected.len();
        affected > MANY || self.is_large_share || (self.action == BulkAction::Delete && affected > 1)
    }

    /// How many users are skipped.
    pub(super) fn skipped(&self) -> usize {
        self.skipped.values().map(|skipped| skipped.count).sum()
    }

    /// How many users are skipped, and the first names, by reason.
    pub(super) fn skipped_texts(&self) -> Vec<String> {
        self.skipped.iter().map(|(reason, users)| skipped_text(self.t, *reason, users)).collect()
    }
}

fn skipped_text(t: Lang, reason: SkipReason, skipped: &Skipped) -> String {
    let text = match reason {
        SkipReason::Oneself => return t.skipped_oneself().to_owned(),
        SkipReason::Confirmed => t.skipped_confirmed(skipped.count),
        SkipReason::Active => t.skipped_active(skipped.count),
        SkipReason::Inactive => t.skipped_inactive(skipped.count),
        SkipReason::ToBeDeleted => t.skipped_to_be_deleted(skipped.count),
        SkipReason::NotToBeDeleted => t.skipped_not_to_be_deleted(skipped.count),
        SkipReason::Changed => t.skipped_changed(skipped.count),
        SkipReason::NoEmail => t.skipped_no_email(skipped.count),
        SkipReason::LastAdministrator => return t.last_administrator().to_owned(),
    };
    let more = if skipped.count > skipped.names.len() { ", …" } else { "" };
    format!("{text}: {}{more}", skipped.names.join(", "))
}
