//! The claims that access tokens carry about their user besides the id (`tokens.claims`), as the user is when the token
//! is issued.

use serde_json::{Map, Value};

use crate::config::TokenClaim;
use crate::store::tables::users::groups;
use crate::store::{Conn, StoreError};
use crate::types::User;

/// The claims `names` of a user.
pub(crate) fn of_user(
    conn: &mut Conn,
    user: &User,
    names: &[TokenClaim],
) -> Result<Map<String, Value>, StoreError> {
    let mut claims = Map::new();
    for name in names {
        let value = match name {
            TokenClaim::Username => user.username.as_str().into(),
            TokenClaim::Email => user.email.as_str().into(),
            TokenClaim::Groups => groups::of_user(conn, user.id)?.into(),
            TokenClaim::IsStaff => user.is_admin.into(),
        };
        claims.insert(name.as_str().to_owned(), value);
    }
    Ok(claims)
}
