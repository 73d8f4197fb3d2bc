//! Telling whether a token is good, of whatever type. Called by `api`.

use crate::accounts::sessions::authenticate::{judge, user_id};
use crate::accounts::sessions::presented_token::{PresentedTokenError, limited};
use crate::accounts::shared::actor::Actor;
use crate::app::App;
use crate::store::StoreError;
use crate::store::tables::{refresh_tokens, sessions};
use crate::tokens::{ClaimedUser, Claims, TokenError};

/// Whether the token would be accepted where it belongs: signature, times, user, revocation. One that
/// names no user belongs nowhere, and is good if it is rightly signed, as in the reference.
///
/// # Errors
/// What is wrong with it.
pub(crate) async fn verify_token(app: &App, token: &[u8], by: &Actor) -> Result<(), PresentedTokenError> {
    limited(app, by, check(app, token)).await
}

async fn check(app: &App, token: &[u8]) -> Result<(), PresentedTokenError> {
    let now = app.clock.now();
    let claims = app.tokens.check_any(token, now)?;
    if claims.user == ClaimedUser::Missing {
        return Ok(());
    }
    if !claims.is_refresh {
        let (id, handle) = (user_id(&claims)?, claims.session.clone());
        let found = app.store.read(move |conn| sessions::with_user(conn, id, &handle)).await?;
        judge(found, &claims, TokenError::InvalidOrExpired)?;
        return Ok(());
    }
    let hash = app.tokens.check_refresh(token, now)?.record().hash;
    check_refresh(app, &claims, hash).await
}

/// A refresh token that was replaced is as bad as one of a session that has ended.
async fn check_refresh(app: &App, claims: &Claims, hash: [u8; 32]) -> Result<(), PresentedTokenError> {
    let (id, handle) = (user_id(claims)?, claims.session.clone());
    let (found, kept) = app
        .store
        .read(move |conn| {
            let found = sessions::with_user(conn, id, &handle)?;
            let row = found.as_ref().and_then(|(_, row)| row.as_ref());
            let kept = row.map(|row| refresh_tokens::find(conn, row.id, hash)).transpose()?.flatten();
            Ok::<_, StoreError>((found, kept))
        })
        .await?;
    judge(found, claims, TokenError::Blacklisted)?;
    match kept.and_then(|kept| kept.replaced_at) {
        Some(_) => Err(TokenError::Blacklisted.into()),
        None => Ok(()),
    }
}
