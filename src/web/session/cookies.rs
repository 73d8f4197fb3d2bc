//! The cookies of a browser session: the session's key, and the message about the last action. Under https
//! their names begin with `__Host-`, so that no other host and no other path can set them (RFC 6265bis
//! §4.1.3.2).

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite};

use crate::types::BrowserKey;
use crate::web::flash::FlashMessage;

/// The cookie of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SessionCookie {
    /// The name, without the prefix `__Host-`.
    pub name: &'static str,
    /// Whether browsers send it along with links on other sites.
    pub same_site: SameSite,
}

/// The cookie of the admin. No link on another site opens a page with it.
pub(crate) const ADMIN: SessionCookie = SessionCookie { name: "doorward_admin", same_site: SameSite::Strict };

/// The cookie of the account pages, which other sites link to. It is no access to the API.
pub(crate) const ACCOUNT: SessionCookie =
    SessionCookie { name: "doorward_session", same_site: SameSite::Lax };

impl SessionCookie {
    /// The key in the cookie of a request.
    pub(crate) fn key(self, request: &HttpRequest, is_https: bool) -> Option<BrowserKey> {
        BrowserKey::parse(request.cookie(&prefixed(self.name, is_https))?.value())
    }

    /// The cookie with a key. It has no expiry: `accounts` decides how long the session lasts.
    pub(crate) fn with(self, key: &BrowserKey, is_https: bool) -> Cookie<'static> {
        build(self.name, key.expose().to_owned(), self.same_site, is_https)
    }

    /// Removes the cookie.
    pub(crate) fn removal(self, is_https: bool) -> Cookie<'static> {
        let mut cookie = build(self.name, String::new(), self.same_site, is_https);
        cookie.make_removal();
        cookie
    }
}

/// The message in the cookie called `name`.
pub(crate) fn flash_message<F: FlashMessage>(request: &HttpRequest, name: &str, is_https: bool) -> Option<F> {
    F::decode(request.cookie(&prefixed(name, is_https))?.value())
}

/// The cookie that carries a message to the next page.
pub(crate) fn flash(name: &str, message: &impl FlashMessage, is_https: bool) -> Cookie<'static> {
    build(name, message.encode(), SameSite::Strict, is_https)
}

/// Removes the message's cookie.
pub(crate) fn remove_flash(name: &str, is_https: bool) -> Cookie<'static> {
    let mut cookie = build(name, String::new(), SameSite::Strict, is_https);
    cookie.make_removal();
    cookie
}

fn build(name: &str, value: String, same_site: SameSite, is_https: bool) -> Cookie<'static> {
    let cookie = Cookie::build(prefixed(name, is_https), value).path("/").http_only(true);
    cookie.same_site(same_site).secure(is_https).finish()
}

fn prefixed(name: &str, is_https: bool) -> String {
    if is_https { format!("__Host-{name}") } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn under_https_the_cookie_is_bound_to_the_host() {
        let key = BrowserKey::random();
        let text = ADMIN.with(&key, true).to_string();
        assert!(text.starts_with("__Host-doorward_admin="), "{text}");
        for part in ["HttpOnly", "SameSite=Strict", "Secure", "Path=/"] {
            assert!(text.contains(part), "{text}");
        }
        assert!(!text.contains("Domain"), "{text}");
        let text = ACCOUNT.with(&key, true).to_string();
        assert!(text.starts_with("__Host-doorward_session=") && text.contains("SameSite=Lax"), "{text}");
        let plain = ADMIN.with(&key, false).to_string();
        assert!(plain.starts_with("doorward_admin=") && !plain.contains("Secure"), "{plain}");
    }
}
