//! Clearing the rate limits of a user, of a name or email address that is no user's, or of an IP address. Called by
//! the command line and the admin.

use std::net::IpAddr;

use crate::accounts::shared::actor::{Actor, AuditSubject};
use crate::app::App;
use crate::limits::nets;
use crate::store::StoreError;
use crate::store::tables::audit::Action;
use crate::store::tables::{throttles, users};
use crate::types::{Identifier, trimmed};

/// Clears the rate limits that attempts with `typed` have filled: as username or email address, with both of the
/// user's if there is one, and as IP address. Limits of other names from the same IP address are not cleared.
/// Answers how many were cleared.
pub async fn unblock(app: &App, typed: &str, by: &Actor) -> Result<usize, StoreError> {
    let address: Option<IpAddr> = typed.trim().parse().ok();
    let identifier = Identifier::new(trimmed(typed));
    let (now, by) = (app.clock.now(), by.clone());
    app.store
        .write(move |tx| {
            let users = users::find_by_identifier(tx, &identifier)?;
            let mut keys = address.map(nets).unwrap_or_default();
            keys.push(key_of(&identifier));
            for user in &users {
                let (name, email) = (user.username.as_str(), user.email.as_str());
                keys.extend([name, email].map(|text| key_of(&Identifier::new(text))));
                keys.push(user.id.to_string());
            }
            let cleared = throttles::clear(tx, &keys)?;
            if cleared == 0 {
                return Ok(0);
            }
            for user in &users {
                by.record(tx, Action::Unblocked, user, None, now)?;
            }
            if users.is_empty() {
                // A name that is no user's may be a password.
                let detail = address.map(|address| address.to_string());
                by.record(tx, Action::Unblocked, None::<AuditSubject<'_>>, detail.as_deref(), now)?;
            }
            Ok(cleared)
        })
        .await
}

/// The part of the names of buckets that depends on what was typed.
fn key_of(identifier: &Identifier) -> String {
    format!("{:032x}", identifier.fingerprint())
}
