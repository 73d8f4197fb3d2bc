//! The cookies of a browser session: the session's key, and the message about the last action. Under https
//! their names begin with `__Host-`, so that no other host and no other path can set them (RFC 6265bis
//! §4.1.3.2).

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite};

use crate::types::AdminKey;
use crate::web::flash::FlashMessage;

const FLASH: &str = "doorward_flash";

/// The key in the session cookie called `name`.
pub(crate) fn session_key(request: &HttpRequest, name: &str, is_https: bool) -> Option<AdminKey> {
    AdminKey::parse(request.cookie(&prefixed(name, is_https))?.value())
}

/// The session cookie. It has no expiry: `accounts` decides how long the session lasts.
pub(crate) fn session(name: &str, key: &AdminKey, is_https: bool) -> Cookie<'static> {
    strict(name, key.expose().to_owned(), is_https)
}

/// Removes the session cookie.
pub(crate) fn remove_session(name: &str, is_https: bool) -> Cookie<'static> {
    removal(name, is_https)
}

/// The message in the cookie.
pub(crate) fn flash_message<F: FlashMessage>(request: &HttpRequest, is_https: bool) -> Option<F> {
    F::decode(request.cookie(&prefixed(FLASH, is_https))?.value())
}

/// The cookie that carries a message to the next page.
pub(crate) fn flash(message: &impl FlashMessage, is_https: bool) -> Cookie<'static> {
    strict(FLASH, message.encode(), is_https)
}

/// Removes the message's cookie.
pub(crate) fn remove_flash(is_https: bool) -> Cookie<'static> {
    removal(FLASH, is_https)
}

fn strict(name: &str, value: String, is_https: bool) -> Cookie<'static> {
    let cookie = Cookie::build(prefixed(name, is_https), value).path("/").http_only(true);
    cookie.same_site(SameSite::Strict).secure(is_https).finish()
}

fn removal(name: &str, is_https: bool) -> Cookie<'static> {
    let mut cookie = strict(name, String::new(), is_https);
    cookie.make_removal();
    cookie
}

fn prefixed(name: &str, is_https: bool) -> String {
    if is_https { format!("__Host-{name}") } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn under_https_the_cookie_is_bound_to_the_host() {
        let key = AdminKey::random();
        let text = session("doorward_area", &key, true).to_string();
        assert!(text.starts_with("__Host-doorward_area="), "{text}");
        for part in ["HttpOnly", "SameSite=Strict", "Secure", "Path=/"] {
            assert!(text.contains(part), "{text}");
        }
        assert!(!text.contains("Domain"), "{text}");
        let plain = session("doorward_area", &key, false).to_string();
        assert!(plain.starts_with("doorward_area=") && !plain.contains("Secure"), "{plain}");
    }
}
