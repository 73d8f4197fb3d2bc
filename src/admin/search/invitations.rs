//! The open invitations that a search matches.

use crate::store::tables::one_time_keys;
use crate::store::tables::one_time_keys::Invitation;
use crate::store::{Conn, StoreError};
use crate::types::{Email, EmailKey, Timestamp};
use crate::web::lists::SearchTerms;

/// How many open invitations are read for a part of an address; a whole address is always looked up.
const MAX_READ: i64 = 1_000;

/// The open invitations whose address has every word.
pub(crate) fn matching(
    conn: &mut Conn,
    terms: &SearchTerms,
    now: Timestamp,
) -> Result<Vec<Invitation>, StoreError> {
    if let [word] = terms.words.as_slice()
        && let Ok(email) = Email::as_typed(word)
        && let Some(invitation) = one_time_keys::invitation(conn, &email, now)?
    {
        return Ok(vec![invitation]);
    }
    let mut open = one_time_keys::invitations(conn, &EmailKey::of(""), now, MAX_READ)?;
    open.retain(|invitation| terms.are_in(invitation.email.as_str()));
    Ok(open)
}
