//! The refresh token of a request: in its body, else in its cookie. Used by `refresh` and `blacklist`.

use actix_web::{HttpRequest, HttpResponse, ResponseError as _};

use crate::accounts;
use crate::api::cookies;
use crate::api::drf::body::{BodyFields, Data, TextField};
use crate::api::drf::error::ApiError;
use crate::api::drf::response;
use crate::app::App;
use crate::config::Config;
use crate::http::{OriginPolicy, verify_origin};

/// The field of the body. A token in the cookie stands in for it.
pub(crate) const REFRESH: TextField<String> = TextField::new("refresh", "Refresh token.", Ok);

/// A refresh token, by where the request has it.
pub(crate) enum PresentedToken {
    /// In the body.
    InBody(Vec<u8>),
    /// In the cookie, which scripts cannot read. The answer sets cookies, too.
    InCookie(Vec<u8>),
}

impl PresentedToken {
    /// The cookie is read only where the body does not have the field at all.
    ///
    /// # Errors
    /// 400 where neither has it, 403 for a cookie that a browser sent on behalf of another site.
    pub(crate) fn from_request(
        request: &HttpRequest,
        data: &Data,
        config: &Config,
    ) -> Result<Self, ApiError> {
        let body = BodyFields::new(data)?;
        if !body.has(&REFRESH)
            && let Some(token) = cookies::refresh_token(request, config)
        {
            verify_origin(request, OriginPolicy::ApiCookie)?;
            return Ok(Self::InCookie(token));
        }
        Ok(Self::InBody(body.read(&REFRESH)?.into_bytes()))
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

    /// The answer to a token that was refused. Removes a cookie whose token is not valid, but not one whose
    /// token could not be checked.
    ///
    /// # Errors
    /// The error itself, where no cookie is removed.
    pub(crate) fn error_response(&self, error: ApiError, config: &Config) -> Result<HttpResponse, ApiError> {
        match (self, &error) {
            (Self::InCookie(_), ApiError::PresentedToken(_)) => {
                response::with_cookies(error.error_response(), [cookies::removed_refresh(config)])
            }
            _ => Err(error),
        }
    }

    /// The same for a client that goes on. The cookie stays where the session of its token does: then the browser may
    /// have a newer token of it by now, and a late answer would remove that.
    ///
    /// # Errors
    /// As [`Self::error_response`].
    pub(crate) async fn error_response_if_over(
        &self,
        error: ApiError,
        app: &App,
    ) -> Result<HttpResponse, ApiError> {
        if self.is_cookie() && accounts::has_live_session(app, self.token()).await? {
            return Err(error);
        }
        self.error_response(error, &app.config)
    }
}
