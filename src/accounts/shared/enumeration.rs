//! User enumeration: what a client may learn about the accounts of others (`registration.hide_existing`).

use std::time::Duration;

use crate::app::App;
use crate::store::tables::throttles;
use crate::store::tables::users;
use crate::store::tables::users::Clash;
use crate::store::{Conn, StoreError, Tx, Unique};
use crate::types::{Email, Identifier, Timestamp, User, Username};

/// Whether a client may learn which addresses have an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExistencePolicy {
    /// It may: a registration with a taken address is refused.
    Revealed,
    /// It may not (`registration.hide_existing`). A registration with a taken address seems to succeed: same
    /// answer, same time, an id that no user gets, and a name that is reserved from then on. The new account
    /// cannot be logged into before its address is confirmed, since a login would tell the two cases apart.
    Hidden,
}

impl ExistencePolicy {
    /// The policy that is configured.
    pub(crate) fn of(app: &App) -> Self {
        if app.config.registration.hide_existing { Self::Hidden } else { Self::Revealed }
    }

    /// Whether the state of the account permits a login.
    pub(crate) fn admits_login(self, user: &User) -> bool {
        user.is_active && !self.requires_confirmation(user)
    }

    /// Whether the address must be confirmed before the first login.
    pub(crate) fn requires_confirmation(self, user: &User) -> bool {
        self == Self::Hidden && !user.is_email_confirmed && user.last_login_at.is_none()
    }

    /// Which of a new account's name and address may be reported as taken.
    pub(crate) fn taken(
        self,
        conn: &mut Conn,
        username: Option<&Username>,
        email: Option<&Email>,
        now: Timestamp,
    ) -> Result<Vec<Unique>, StoreError> {
        if self == Self::Revealed {
            return Ok(users::find_clashes(conn, username, email, None)?
                .into_iter()
                .map(Clash::column)
                .collect());
        }
        let Some(name) = username else { return Ok(Vec::new()) };
        let is_refused = self.refuses_name(name, email)
            || users::is_name_taken(conn, name)?
            || is_reserved(conn, name, now)?;
        Ok(if is_refused { vec![Unique::Username] } else { Vec::new() })
    }

    /// Whether a name is refused whatever accounts exist: if it is an address other than the user's own, a
    /// check whether another user has that address would reveal it.
    pub(crate) fn refuses_name(self, name: &Username, own_email: Option<&Email>) -> bool {
        let own = own_email.map(Email::key);
        self == Self::Hidden && Email::as_typed(name.as_str()).is_ok_and(|address| own != Some(address.key()))
    }
}

/// Reserves the name of an account that seems to be registered, for as long as it could be confirmed.
pub(crate) fn reserve_name(
    tx: &mut Tx<'_>,
    name: &Username,
    span: Duration,
    now: Timestamp,
) -> Result<(), StoreError> {
    throttles::set(tx, &reservation(name), now.plus(span), now)
}

fn is_reserved(conn: &mut Conn, name: &Username, now: Timestamp) -> Result<bool, StoreError> {
    let until = throttles::empty_at(conn, &[reservation(name)])?;
    Ok(until.into_iter().flatten().any(|until| until > now))
}

/// Reservations expire as the levels of rate limits do, and share their table.
fn reservation(name: &Username) -> String {
    format!("{}{:032x}", throttles::RESERVED_NAME, Identifier::new(name.as_str()).fingerprint())
}
