//! The cookies of the admin: the session's, and the one that carries what the last action did to
//! the next page. Under https their names begin with `__Host-`, so that no other host and no other
//! path can set them (RFC 6265bis §4.1.3.2).

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite};

use crate::types::AdminKey;
use crate::web::flash::Flash;

const SESSION: &str = "doorward_admin";
const FLASH: &str = "doorward_flash";

/// The key that came along.
pub(crate) fn session(request: &HttpRequest, is_https: bool) -> Option<AdminKey> {
    AdminKey::parse(request.cookie(&name(SESSION, is_https))?.value())
}

/// The cookie of a session. It has no time of its own: the session's rules.
pub(crate) fn carrying(key: &AdminKey, is_https: bool) -> Cookie<'static> {
    strict(SESSION, key.expose().to_owned(), is_https)
}

/// Takes the session's cookie away.
pub(crate) fn without_session(is_https: bool) -> Cookie<'static> {
    gone(SESSION, is_https)
}

/// What the last action did.
pub(crate) fn flash(request: &HttpRequest, is_https: bool) -> Option<Flash> {
    Flash::decode(request.cookie(&name(FLASH, is_https))?.value())
}

/// The cookie that carries it to the next page.
pub(crate) fn flashing(flash: &Flash, is_https: bool) -> Cookie<'static> {
    strict(FLASH, flash.encode(), is_https)
}

/// Takes it away, once it was said.
pub(crate) fn without_flash(is_https: bool) -> Cookie<'static> {
    gone(FLASH, is_https)
}

fn strict(short: &str, value: String, is_https: bool) -> Cookie<'static> {
    let cookie = Cookie::build(name(short, is_https), value).path("/").http_only(true);
    cookie.same_site(SameSite::Strict).secure(is_https).finish()
}

fn gone(short: &str, is_https: bool) -> Cookie<'static> {
    let mut cookie = strict(short, String::new(), is_https);
    cookie.make_removal();
    cookie
}

fn name(short: &str, is_https: bool) -> String {
    if is_https { format!("__Host-{short}") } else { short.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn under_https_the_cookie_is_bound_to_the_host() {
        let key = AdminKey::random();
        let text = carrying(&key, true).to_string();
        assert!(text.starts_with("__Host-doorward_admin="), "{text}");
        for part in ["HttpOnly", "SameSite=Strict", "Secure", "Path=/"] {
            assert!(text.contains(part), "{text}");
        }
        assert!(!text.contains("Domain"), "{text}");
        let plain = carrying(&key, false).to_string();
        assert!(plain.starts_with("doorward_admin=") && !plain.contains("Secure"), "{plain}");
    }
}
