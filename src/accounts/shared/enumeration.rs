//! User enumeration: what a client may learn about the accounts of others (`registration.hide_existing`).

use crate::accounts::shared::taken;
use crate::app::App;
use crate::store::tables::users::Clash;
use crate::store::{StoreError, Tx, Unique};
use crate::types::{Email, Timestamp, User, Username};

/// Whether a client may learn which addresses have an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExistencePolicy {
    /// It may: a registration with a taken address is refused.
    Revealed,
    /// It may not (`registration.hide_existing`). A registration with a taken address seems to succeed: same
    /// answer, same time, an id that no user gets, and a name that is taken from then on, for as long as an
    /// account whose address is never confirmed exists (`store::tables::reserved_names`). The new account
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
        tx: &mut Tx<'_>,
        username: Option<&Username>,
        email: Option<&Email>,
        now: Timestamp,
    ) -> Result<Vec<Unique>, StoreError> {
        if self == Self::Revealed {
            let clashes = taken::find_clashes(tx, username, email, None, now)?;
            return Ok(clashes.into_iter().map(Clash::column).collect());
        }
        let Some(name) = username else { return Ok(Vec::new()) };
        let is_refused = self.refuses_name(name, email) || taken::is_name_taken(tx, name, now)?;
        Ok(if is_refused { vec![Unique::Username] } else { Vec::new() })
    }

    /// Whether a name is refused whatever accounts exist: if it is an address other than the user's own, a
    /// check whether another user has that address would reveal it.
    pub(crate) fn refuses_name(self, name: &Username, own_email: Option<&Email>) -> bool {
        let own = own_email.map(Email::key);
        self == Self::Hidden && Email::as_typed(name.as_str()).is_ok_and(|address| own != Some(address.key()))
    }
}
