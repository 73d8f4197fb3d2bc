//! Makes tokens by the recipe of a case, most of them invalid in one way. The placeholders of the recipe are
//! filled in before.

use serde_json::{Map, Value, json};

use super::case::{Craft, Key};
use super::placeholder::random_hex;
use super::{Target, jwt, now};

const OTHER_KEY: &[u8] = b"another-key-that-the-server-does-not-have-0123";

/// Makes the token.
///
/// # Errors
/// If the recipe names an unknown user or algorithm.
pub(crate) fn craft(recipe: &Craft, target: &Target) -> Result<String, String> {
    let alg = recipe.alg.as_deref().unwrap_or("HS256");
    let claims = claims(recipe, target)?;
    let header = text_or(&recipe.header_text, header(recipe, alg));
    let payload = text_or(&recipe.payload_text, claims.clone());
    let header = jwt::encode(header);
    let mut payload = jwt::encode(payload);
    let mut signature = signature(recipe, alg, &format!("{header}.{payload}"), target)?;
    if let Some(forged) = &recipe.forge {
        let claims = claims.into_iter().chain(forged.clone()).collect();
        payload = jwt::encode(Value::Object(claims).to_string());
    }
    signature.truncate(signature.len().saturating_sub(recipe.cut_signature));
    Ok(format!("{header}.{payload}.{signature}"))
}

fn text_or(text: &Option<String>, fields: Map<String, Value>) -> String {
    let text = text.clone();
    text.unwrap_or_else(|| Value::Object(fields).to_string())
}

fn header(recipe: &Craft, alg: &str) -> Map<String, Value> {
    let mut header = Map::new();
    header.insert("alg".to_owned(), alg.into());
    header.insert("typ".to_owned(), "JWT".into());
    header.extend(recipe.header.clone());
    header.retain(|_, value| !value.is_null());
    header
}

/// The claims of a valid token, with the changes of the recipe.
fn claims(recipe: &Craft, target: &Target) -> Result<Map<String, Value>, String> {
    let mut claims = Map::new();
    let kind = recipe.kind.as_deref().unwrap_or("access");
    claims.insert("token_type".to_owned(), kind.into());
    claims.insert("exp".to_owned(), json!(now() + 3600));
    claims.insert("iat".to_owned(), json!(now() - 1));
    claims.insert("jti".to_owned(), random_hex(32).into());
    if let Some(user) = &recipe.user {
        claims.insert("user_id".to_owned(), target.id(user)?.into());
    }
    claims.extend(recipe.claims.clone());
    claims.retain(|name, _| !recipe.drop.contains(name));
    Ok(claims)
}

fn signature(recipe: &Craft, alg: &str, message: &str, target: &Target) -> Result<String, String> {
    let key = match recipe.key {
        Key::Server => target.signing_key.as_bytes(),
        Key::Other => OTHER_KEY,
        Key::Empty => b"",
    };
    match &recipe.mac {
        None => Ok(jwt::sign(alg, key, message).map(jwt::encode).unwrap_or_default()),
        Some(None) => Ok(String::new()),
        Some(Some(mac)) => {
            jwt::sign(mac, key, message).map(jwt::encode).ok_or_else(|| format!("cannot sign with {mac:?}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::jwt::Decoded;
    use serde_json::from_value;

    fn target() -> Target {
        Target {
            addr: ([127, 0, 0, 1], 1).into(),
            signing_key: "key".to_owned(),
            ids: [("alice".to_owned(), 7)].into(),
            reference: false,
            mailed: None,
        }
    }

    fn token(recipe: Value) -> String {
        craft(&from_value(recipe).unwrap(), &target()).unwrap()
    }

    fn is_signed(token: &Decoded<'_>, alg: &str, key: &[u8]) -> bool {
        jwt::sign(alg, key, token.signed).as_ref() == Some(&token.signature)
    }

    #[test]
    fn an_empty_recipe_makes_a_valid_token() {
        let token = token(json!({"user": "alice"}));
        let token = jwt::decode(&token).unwrap();
        assert_eq!(Value::from(token.header.clone()), json!({"alg": "HS256", "typ": "JWT"}));
        assert_eq!(token.claims["user_id"], 7);
        assert_eq!(token.claims.len(), 5);
        assert!(is_signed(&token, "HS256", b"key"));
    }

    #[test]
    fn claims_and_header_are_added_replaced_and_dropped() {
        let token = token(json!({
            "user": "alice", "claims": {"exp": 1, "aud": "x"}, "drop": ["jti", "iat"],
            "header": {"typ": null, "kid": "k"}, "type": "refresh",
        }));
        let token = jwt::decode(&token).unwrap();
        assert_eq!(Value::from(token.header), json!({"alg": "HS256", "kid": "k"}));
        let claims = json!({"exp": 1, "aud": "x", "user_id": 7, "token_type": "refresh"});
        assert_eq!(Value::from(token.claims), claims);
    }

    #[test]
    fn the_signature_has_the_algorithm_of_the_recipe() {
        let signed_by = |recipe: Value, alg: &str, key: &[u8]| {
            let token = token(recipe);
            is_signed(&jwt::decode(&token).unwrap(), alg, key)
        };
        assert!(signed_by(json!({"alg": "HS512"}), "HS512", b"key"));
        assert!(signed_by(json!({"alg": "RS256", "mac": "HS256"}), "HS256", b"key"));
        assert!(signed_by(json!({"key": "other"}), "HS256", OTHER_KEY));
        assert!(signed_by(json!({"key": "empty"}), "HS256", b""));
        assert!(!signed_by(json!({"forge": {"user_id": 8}}), "HS256", b"key"));
    }

    #[test]
    fn a_signature_can_be_left_out_or_cut() {
        for recipe in [json!({"alg": "none"}), json!({"mac": null}), json!({"cut_signature": 43})] {
            assert!(token(recipe.clone()).ends_with('.'), "{recipe}");
        }
    }

    #[test]
    fn texts_replace_header_and_payload() {
        let token = token(json!({"header_text": "h", "payload_text": "not json"}));
        assert!(token.starts_with("aA.bm90IGpzb24."), "{token}");
    }
}
