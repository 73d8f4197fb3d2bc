//! A refresh token as Simple JWT stores it (`rest_framework_simplejwt/token_blacklist/models.py`).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use crate::accounts::imports::origin_rows::{OriginToken, key_text};
use crate::accounts::imports::values::moment;
use crate::store::engine::origin::OriginTable;
use crate::types::Timestamp;

/// The columns of the table of outstanding tokens that are read, as far as it has them.
pub(super) fn outstanding_columns(table: &OriginTable) -> Vec<String> {
    let columns = ["user_id", "jti", "token", "created_at", "expires_at"];
    columns.into_iter().filter(|name| table.has(name)).map(str::to_owned).collect()
}

/// The token in a row; `None` if it has expired at `now`.
///
/// # Errors
/// Why the row is left out, without a value of it.
pub(super) fn token_of(
    fields: &Map<String, Value>,
    is_blacklisted: bool,
    now: Timestamp,
) -> Result<Option<OriginToken>, String> {
    let expires_at = fields.get("expires_at").and_then(moment).ok_or("the token has no expires_at")?;
    if expires_at <= now {
        return Ok(None);
    }
    let jti = fields.get("jti").and_then(Value::as_str).filter(|jti| !jti.is_empty());
    let jti = jti.ok_or("the token has no jti")?.to_owned();
    // Simple JWT sets the user to NULL when it writes a token that it has not issued itself.
    let user = user_of(fields).or_else(|| user_in_payload(fields.get("token")?.as_str()?));
    let user = user.ok_or("the token names no user")?;
    let issued_at = fields.get("created_at").and_then(moment);
    Ok(Some(OriginToken { user, jti, issued_at, expires_at, is_blacklisted }))
}

/// The key of the user that a token refers to.
fn user_of(fields: &Map<String, Value>) -> Option<String> {
    ["user_id", "user"].iter().find_map(|name| fields.get(*name).and_then(key_text))
}

/// The claim `user_id` of a token. Its signature is not checked: the table is as good as the token.
fn user_in_payload(token: &str) -> Option<String> {
    let payload = token.split('.').nth(1)?;
    let payload: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
    key_text(payload.get("user_id")?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(fields: Value) -> Result<Option<OriginToken>, String> {
        token_of(fields.as_object().unwrap(), true, Timestamp::from_seconds(1_700_000_000))
    }

    #[test]
    fn a_token_without_a_user_names_it_in_its_payload() {
        let token = format!("x.{}.y", URL_SAFE_NO_PAD.encode(r#"{"user_id":"7"}"#));
        let row = json!({"user_id": null, "jti": "ab", "token": token, "expires_at": "2099-01-01 00:00:00"});
        let token = read(row).unwrap().unwrap();
        assert_eq!((token.user.as_str(), token.jti.as_str(), token.is_blacklisted), ("7", "ab", true));
        let row = json!({"user_id": null, "jti": "ab", "token": "x.y", "expires_at": "2099-01-01 00:00:00"});
        assert_eq!(read(row).unwrap_err(), "the token names no user");
    }

    #[test]
    fn a_token_whose_user_is_a_natural_key_names_it_in_its_payload() {
        let token = format!("x.{}.y", URL_SAFE_NO_PAD.encode(r#"{"user_id":7}"#));
        let row = json!({"user": ["ann"], "jti": "ab", "token": token, "expires_at": "2099-01-01T00:00:00Z"});
        assert_eq!(read(row).unwrap().unwrap().user, "7");
    }

    #[test]
    fn an_expired_token_is_none() {
        let row = json!({"user_id": 7, "jti": "ab", "expires_at": "2020-01-01T00:00:00Z"});
        assert_eq!(read(row), Ok(None));
    }
}
