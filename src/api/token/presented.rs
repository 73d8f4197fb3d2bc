//! Finding the refresh token that a request shows: in its body, else in its cookie. Used by `refresh`
//! and `blacklist`.

use actix_web::{HttpRequest, HttpResponse, ResponseError as _};

use crate::api::cookies;
use crate::api::drf::body;
use crate::api::drf::body::{CharField, FieldReader};
use crate::api::drf::error::ApiError;
use crate::api::drf::response;
use crate::api::origin::refuse_cross_site;
use crate::config::Config;

/// A refresh token, and where it was.
pub(crate) enum PresentedToken {
    /// In the body.
    InBody(Vec<u8>),
    /// In the cookie. Whoever keeps it there cannot read it, and is answered in kind.
    InCookie(Vec<u8>),
}

impl PresentedToken {
    /// A body that has the field decides, whatever is in it.
    ///
    /// # Errors
    /// 400 for a body without it where there is no cookie either, 403 for a cookie that another site
    /// made the browser send.
    pub(crate) fn find(request: &HttpRequest, data: &body::Data, config: &Config) -> Result<Self, ApiError> {
        let mut reader = FieldReader::new(data)?;
        if !reader.has("refresh")
            && let Some(token) = cookies::refresh_token(request, config)
        {
            refuse_cross_site(request, config)?;
            return Ok(Self::InCookie(token));
        }
        let token = reader.required("refresh", &CharField::new());
        reader.finish()?;
        Ok(Self::InBody(token.unwrap_or_default().into_bytes()))
    }

    /// The token.
    pub(crate) fn token(&self) -> &[u8] {
        match self {
            Self::InBody(token) | Self::InCookie(token) => token,
        }
    }

    /// Whether it was in the cookie.
    pub(crate) fn is_cookie(&self) -> bool {
        matches!(self, Self::InCookie(_))
    }

    /// The answer to a token that did not do. A cookie that is good for nothing is taken away; one that
    /// could not be looked at stays.
    ///
    /// # Errors
    /// The error itself, where the cookie stays or there is none.
    pub(crate) fn refused(&self, error: ApiError, config: &Config) -> Result<HttpResponse, ApiError> {
        match (self, &error) {
            (Self::InCookie(_), ApiError::ShownToken(_)) => {
                response::with_cookies(error.error_response(), [cookies::no_refresh(config)])
            }
            _ => Err(error),
        }
    }
}
