//! A token that somebody shows in a body, to renew, to ask about or to end it: why it is refused, and
//! how often it may be. Used by `refresh`, `verify_token` and `blacklist`.

use std::time::Duration;

use thiserror::Error;

use crate::accounts::sessions::authenticate::AuthenticationError;
use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::throttle;
use crate::app::App;
use crate::store::StoreError;
use crate::tokens::TokenError;

/// Why a token in a body is refused.
#[derive(Debug, Error)]
pub(crate) enum PresentedTokenError {
    /// The token, or its user.
    #[error(transparent)]
    Refused(AuthenticationError),
    /// There is no user, or none who may log in, for whom it could be renewed. The text is that of
    /// Simple JWT 5.5 (`serializers.py`, `TokenRefreshSerializer`), which was the first to look.
    #[error("No active account found for the given token.")]
    NoActiveAccount,
    /// Too many were not good before; how long until one more may be.
    #[error("too many bad tokens")]
    Throttled(Duration),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<AuthenticationError> for PresentedTokenError {
    fn from(error: AuthenticationError) -> Self {
        match error {
            AuthenticationError::Store(error) => Self::Store(error),
            other => Self::Refused(other),
        }
    }
}

impl From<TokenError> for PresentedTokenError {
    fn from(error: TokenError) -> Self {
        Self::Refused(error.into())
    }
}

impl PresentedTokenError {
    fn is_failure(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::NoActiveAccount)
    }
}

/// Does `work`, unless too many tokens from this address were bad; counts one that is.
pub(crate) async fn limited<T>(
    app: &App,
    by: &Actor,
    work: impl Future<Output = Result<T, PresentedTokenError>>,
) -> Result<T, PresentedTokenError> {
    let (now, buckets) = (app.clock.now(), app.limits.token(by.address));
    if buckets.is_empty() {
        return work.await;
    }
    let asked = buckets.clone();
    if let Some(wait) = app.store.read(move |conn| throttle::longest_wait(conn, &asked, now)).await? {
        return Err(PresentedTokenError::Throttled(wait));
    }
    let outcome = work.await;
    if outcome.as_ref().is_err_and(PresentedTokenError::is_failure) {
        app.store
            .write(move |tx| {
                throttle::lock(tx, &buckets)?;
                throttle::count(tx, &buckets, now)
            })
            .await?;
    }
    outcome
}
