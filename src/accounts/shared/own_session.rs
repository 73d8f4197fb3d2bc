//! The session in which a user changes their own account. It stays when all others end.

use crate::store::tables::sessions;
use crate::store::tables::sessions::ExceptSession;
use crate::store::{StoreError, Tx};
use crate::types::{BrowserKey, CurrentSession, SessionId, Timestamp, UserId};

/// What a user is signed in with.
#[derive(Clone, Debug)]
pub(crate) enum OwnSession {
    /// A token of the API.
    Token(CurrentSession),
    /// A browser: its session of the account pages, and its session in the admin.
    Browser {
        /// The session of the account pages.
        session: Option<SessionId>,
        /// The key of the session in the admin.
        admin: Option<BrowserKey>,
    },
}

impl From<&CurrentSession> for OwnSession {
    fn from(session: &CurrentSession) -> Self {
        Self::Token(session.clone())
    }
}

impl OwnSession {
    /// Ends every other session of the user.
    pub(crate) fn end_others(&self, tx: &mut Tx<'_>, user: UserId, now: Timestamp) -> Result<(), StoreError> {
        match self {
            Self::Token(session) => sessions::end_others(tx, session, now),
            Self::Browser { session, admin } => {
                let admin = admin.as_ref().map(BrowserKey::hash);
                let admin = admin.as_ref().map(<[u8; 32]>::as_slice);
                sessions::end_all(tx, user, ExceptSession::Browser(*session, admin), now)
            }
        }
    }
}
