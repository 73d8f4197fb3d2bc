//! The header `Authorization`: an access token after one of the words of `api.auth_header_types`, or an API key.

use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderValue};

use crate::api::drf::body::python::is_space_byte;
use crate::api::drf::error::ApiError;
use crate::config::AuthHeaderType;

/// The word before a key, that of djangorestframework-api-key (`rest_framework_api_key/permissions.py`).
pub(crate) const SCHEME: &str = "Api-Key";

/// The header; `None` without one. Several are one with commas (RFC 9110 §5.3), which is neither a token nor a key.
pub(super) fn value(request: &HttpRequest) -> Option<Vec<u8>> {
    let lines: Vec<&[u8]> =
        request.headers().get_all(header::AUTHORIZATION).map(HeaderValue::as_bytes).collect();
    (!lines.is_empty()).then(|| lines.join(&b","[..]))
}

/// `rest_framework_simplejwt/authentication.py`, `get_raw_token`: any run of white space separates, and
/// the scheme is exactly one of `types`, `Bearer` by default: also its letter case, which RFC 9110 §11.1 would
/// ignore. The extractor of actix-web-httpauth allows a single space only.
pub(super) fn token_of(header: &[u8], types: &[AuthHeaderType]) -> Result<Vec<u8>, ApiError> {
    let is_type = |word: &[u8]| types.iter().any(|one| one.as_str().as_bytes() == word);
    let mut words = header.split(|byte| is_space_byte(*byte)).filter(|word| !word.is_empty());
    match (words.next(), words.next(), words.next()) {
        (Some(word), Some(token), None) if is_type(word) => Ok(token.to_vec()),
        (Some(word), _, _) if is_type(word) => Err(ApiError::BadAuthorizationHeader),
        _ => Err(ApiError::NotAuthenticated),
    }
}

/// What follows the scheme, whose letter case does not matter (RFC 9110 §11.1); `None` for another scheme.
pub fn key_in(header: &[u8]) -> Option<&[u8]> {
    let header = header.trim_ascii();
    let end = header.iter().position(|byte| is_space_byte(*byte)).unwrap_or(header.len());
    let (scheme, key) = header.split_at_checked(end)?;
    scheme.eq_ignore_ascii_case(SCHEME.as_bytes()).then(|| key.trim_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bearer(header: &[u8]) -> Result<Vec<u8>, ApiError> {
        token_of(header, &[AuthHeaderType::parse("Bearer").unwrap()])
    }

    #[test]
    fn each_configured_type_counts_in_its_own_letter_case() {
        let types = ["JWT", "bearer"].map(|word| AuthHeaderType::parse(word).unwrap());
        for header in ["JWT t", "bearer t"] {
            assert_eq!(token_of(header.as_bytes(), &types).unwrap(), b"t", "{header}");
        }
        for header in ["Bearer t", "jwt t", "JWTt", "Token t"] {
            assert!(
                matches!(token_of(header.as_bytes(), &types), Err(ApiError::NotAuthenticated)),
                "{header}"
            );
        }
        assert!(matches!(token_of(b"JWT", &types), Err(ApiError::BadAuthorizationHeader)));
    }

    #[test]
    fn any_run_of_white_space_separates_scheme_and_token() {
        for header in ["Bearer t", "  Bearer \t t ", "Bearer\x0bt"] {
            assert_eq!(bearer(header.as_bytes()).unwrap(), b"t", "{header:?}");
        }
    }

    #[test]
    fn a_header_of_one_word_or_three_is_refused() {
        for header in ["Bearer", "Bearer ", "Bearer a b"] {
            assert!(matches!(bearer(header.as_bytes()), Err(ApiError::BadAuthorizationHeader)), "{header:?}");
        }
    }

    #[test]
    fn another_scheme_counts_as_no_token() {
        for header in ["", "bearer t", "BEARER t", "Token t", "t", "Basic dTpw"] {
            assert!(matches!(bearer(header.as_bytes()), Err(ApiError::NotAuthenticated)), "{header:?}");
        }
    }

    #[test]
    fn the_scheme_is_read_in_any_letter_case_and_no_other_is() {
        for header in ["Api-Key dwk_1", "api-key  dwk_1 ", " API-KEY\tdwk_1"] {
            assert_eq!(key_in(header.as_bytes()), Some(&b"dwk_1"[..]), "{header:?}");
        }
        assert_eq!(key_in(b"Api-Key"), Some(&b""[..]));
        assert_eq!(key_in(b"Api-Key a b"), Some(&b"a b"[..]), "which is no key");
        for header in ["", "Bearer dwk_1", "dwk_1", "Api-Keydwk_1", "Api-Key,dwk_1"] {
            assert_eq!(key_in(header.as_bytes()), None, "{header:?}");
        }
    }
}
