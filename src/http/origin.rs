//! The protection against cross-site request forgery: one rule for which requests a browser sent on behalf of
//! another site. The API, its logins, the admin and the pages of links all ask here.
//!
//! 1. `Sec-Fetch-Site`, which a page cannot forge (Fetch Metadata §2.3): `same-origin` and `none` pass,
//!    everything else is another site.
//! 2. Without it, an `Origin` that is scheme and `Host` of the request passes, as in Django's
//!    `CsrfViewMiddleware._origin_verified`, and so does `public_url`, because a proxy may have replaced `Host`.
//! 3. An origin in `cors.allowed_origins` passes where the cookies of the API count.
//! 4. A request with neither header is not from a browser.
//!
//! `docs/decisions/0050-one-origin-policy.md` has the reasons.

use actix_web::HttpRequest;
use actix_web::http::header;
use actix_web::web::Data;
use thiserror::Error;

use super::address::{OriginParts, WebScheme, forwarded_scheme, header_value, sec_fetch_site};
use crate::app::App;
use crate::config::Config;

/// What a request is trusted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OriginPolicy {
    /// Cookies of the API, sent or set. Listed origins may use them.
    ApiCookie,
    /// Cookies of the admin, sent or set. No other origin may use them.
    PageCookie,
    /// The key in the URL; no cookie counts. The pages with such a URL send no referrer, and so their forms have
    /// `Origin: null` (Fetch Standard, "append a request `Origin` header").
    SecretUrl,
}

/// A browser sent the request on behalf of another site. The words are those of `django/middleware/csrf.py`.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum ForeignOrigin {
    /// The origin is not trusted.
    #[error("Origin checking failed - {0} does not match any trusted origins.")]
    Untrusted(String),
    /// The browser did not name the origin.
    #[error("Origin checking failed - the request comes from another site.")]
    Unnamed,
}

/// Refuses a request that can change something if another site made the browser send it.
///
/// # Errors
/// [`ForeignOrigin`], by the rule above.
pub(crate) fn verify_origin(request: &HttpRequest, policy: OriginPolicy) -> Result<(), ForeignOrigin> {
    if request.method().is_safe() {
        return Ok(());
    }
    let app = request.app_data::<Data<App>>().ok_or(ForeignOrigin::Unnamed)?;
    verify(request, policy, &app.config)
}

fn verify(request: &HttpRequest, policy: OriginPolicy, config: &Config) -> Result<(), ForeignOrigin> {
    let origin = header_value(request, header::ORIGIN);
    let is_trusted = match (sec_fetch_site(request), origin.as_deref()) {
        (None, None) => true,
        (Some(site), _) if matches!(site.as_slice(), b"same-origin" | b"none") => true,
        (Some(_), origin) => origin.is_some_and(|origin| is_listed(origin, policy, config)),
        (None, Some(b"null")) => policy == OriginPolicy::SecretUrl,
        (None, Some(origin)) => {
            is_own(origin, request, config)
                || origin == config.public_url.origin().as_bytes()
                || is_listed(origin, policy, config)
        }
    };
    match (is_trusted, origin) {
        (true, _) => Ok(()),
        (false, Some(origin)) => Err(ForeignOrigin::Untrusted(String::from_utf8_lossy(&origin).into_owned())),
        (false, None) => Err(ForeignOrigin::Unnamed),
    }
}

/// Whether the origin is that of the request itself. Without the word of a trusted proxy the scheme is unknown:
/// then it has to be https if `public_url` is, because the cookies are `Secure`, and may be either if not.
fn is_own(origin: &[u8], request: &HttpRequest, config: &Config) -> bool {
    let (Some(origin), Some(host)) = (OriginParts::parse(origin), header_value(request, header::HOST)) else {
        return false;
    };
    let is_scheme = match forwarded_scheme(request, config) {
        Some(scheme) => origin.scheme == scheme,
        None => origin.scheme == WebScheme::Https || !config.public_url.is_https(),
    };
    is_scheme && origin.is_at(&host)
}

fn is_listed(origin: &[u8], policy: OriginPolicy, config: &Config) -> bool {
    policy == OriginPolicy::ApiCookie && config.cors.allowed_origins.iter().any(|allowed| allowed.is(origin))
}
