//! A token that a client presents in a body, to refresh, verify or blacklist it: why it is rejected, and how
//! often a client may present bad ones.

use std::time::Duration;

use thiserror::Error;

use crate::accounts::sessions::authenticate::AuthenticationError;
use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::throttle;
use crate::app::App;
use crate::store::StoreError;
use crate::tokens::TokenError;

/// Why a token in a body is rejected.
#[derive(Debug, Error)]
pub(crate) enum PresentedTokenError {
    /// The token, or its user.
    #[error(transparent)]
    Rejected(AuthenticationError),
    /// There is no active user to refresh the token for. The text is that of Simple JWT 5.5
    /// (`serializers.py`, `TokenRefreshSerializer`), the first version that checks this.
    #[error("No active account found for the given token.")]
    NoActiveAccount,
    /// Too many bad tokens; how long until the next may be presented.
    #[error("too many bad tokens")]
    Throttled(Duration),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<AuthenticationError> for PresentedTokenError {
    fn from(error: AuthenticationError) -> Self {
        match error {
            AuthenticationError::Store(error) => Self::Store(error),
            other => Self::Rejected(other),
        }
    }
}

impl From<TokenError> for PresentedTokenError {
    fn from(error: TokenError) -> Self {
        Self::Rejected(error.into())
    }
}

impl PresentedTokenError {
    fn is_bad_token(&self) -> bool {
        matches!(self, Self::Rejected(_) | Self::NoActiveAccount)
    }
}

/// Does `work`, and counts a bad token against the client's network. A good token is accepted whatever others
/// on that network presented: to check one costs less than to look the count up.
pub(crate) async fn with_rate_limit<T>(
    app: &App,
    by: &Actor,
    work: impl Future<Output = Result<T, PresentedTokenError>>,
) -> Result<T, PresentedTokenError> {
    let outcome = work.await;
    if outcome.as_ref().is_err_and(PresentedTokenError::is_bad_token) {
        let buckets = app.limits.bad_token(by.address);
        if let Some(wait) = throttle::check_bad(app, buckets, app.clock.now()).await? {
            return Err(PresentedTokenError::Throttled(wait));
        }
    }
    outcome
}
