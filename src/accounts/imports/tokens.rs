//! Refresh tokens of the source as sessions: an outstanding one becomes a session, by the id of the token, so that it
//! is listed and can be ended; a blacklisted one becomes an ended session, so that it stays refused.

use std::collections::HashMap;

use crate::accounts::imports::counts::{ImportCounts, ProblemKind};
use crate::accounts::imports::mapping::KeyKind;
use crate::accounts::imports::origin_rows::{BadRow, OriginToken};
use crate::accounts::imports::user_row::public_id;
use crate::store::tables::imports::ImportProblem;
use crate::store::tables::sessions::{NewSession, SessionClient};
use crate::store::tables::{imports, sessions};
use crate::store::{StoreError, Tx};
use crate::types::{SessionHandle, Timestamp, UserId};

/// Writes a batch of tokens.
pub(super) fn write_tokens(
    tx: &mut Tx<'_>,
    tokens: Vec<Result<OriginToken, BadRow>>,
    kind: KeyKind,
    now: Timestamp,
) -> Result<(ImportCounts, Vec<ImportProblem>), StoreError> {
    let (mut counts, mut problems) = (ImportCounts::default(), Vec::new());
    let mut report_left_out = |counts: &mut ImportCounts, bad: BadRow| {
        counts.left_out += 1;
        problems.push(ProblemKind::Token.of_bad(bad));
    };
    let mut keyed = Vec::with_capacity(tokens.len());
    for (index, token) in tokens.into_iter().enumerate() {
        match token {
            Err(bad) => report_left_out(&mut counts, bad),
            Ok(token) => match public_id(&token.user, kind) {
                Ok((key, _)) => keyed.push((key, token)),
                Err(reason) => {
                    let bad = BadRow { number: index as u64 + 1, key: Some(token.user), reason };
                    report_left_out(&mut counts, bad);
                }
            },
        }
    }
    let users = users_of(tx, &keyed)?;
    for (key, token) in keyed {
        match users.get(&key) {
            Some(user) => write_token(tx, *user, &token, now, &mut counts)?,
            // Its user was left out, or deleted here: the token opens nothing.
            None => counts.tokens_skipped += 1,
        }
    }
    Ok((counts, problems))
}

fn users_of(
    tx: &mut Tx<'_>,
    tokens: &[(String, OriginToken)],
) -> Result<HashMap<String, UserId>, StoreError> {
    let mut keys: Vec<&str> = tokens.iter().map(|(key, _)| key.as_str()).collect();
    keys.sort_unstable();
    keys.dedup();
    let rows = imports::by_origin_keys(tx, &keys)?;
    Ok(rows.into_iter().map(|row| (row.key, row.user)).collect())
}

fn write_token(
    tx: &mut Tx<'_>,
    user: UserId,
    token: &OriginToken,
    now: Timestamp,
    counts: &mut ImportCounts,
) -> Result<(), StoreError> {
    let handle = SessionHandle::from_token_id(&token.jti);
    let Some((user, session)) = sessions::load_with_user(tx, user, &handle)? else {
        counts.tokens_skipped += 1;
        return Ok(());
    };
    let is_new = session.is_none();
    let is_ended = session.as_ref().is_some_and(|session| session.ended_at.is_some());
    let session = match session {
        Some(session) => session,
        // Such as by a new password here.
        None if !token.is_blacklisted && user.has_revoked(token.issued_at.map(Timestamp::seconds)) => {
            counts.tokens_skipped += 1;
            return Ok(());
        }
        None => {
            let started_at = token.issued_at.unwrap_or(now);
            let new = NewSession {
                user: user.id,
                handle: &handle,
                started_at,
                expires_at: token.expires_at,
                client: SessionClient::default(),
            };
            sessions::insert(tx, &new, started_at)?
        }
    };
    match (token.is_blacklisted, is_new) {
        (true, _) if !is_ended => {
            sessions::end(tx, user.id, session.id, now)?;
            counts.ended_sessions += 1;
        }
        (false, true) => counts.sessions += 1,
        _ => counts.tokens_skipped += 1,
    }
    Ok(())
}
