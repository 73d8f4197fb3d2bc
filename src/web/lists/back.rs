//! The way back to a list. A list opens its rows with its own address in the parameter `back`; pages below the row,
//! and the pages after a form, get it from a cookie.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite};

use crate::web::PageForm;
use crate::web::session::return_to::{ReturnTo, encode};

/// The parameter.
const BACK: &str = "back";

/// The cookie with the address of the list that a row was opened from last. It ends with the browser session.
const COOKIE: &str = "doorward_list";

/// The longest address in the links of a list, which has one for each row, in bytes.
const MAX_IN_LINK: usize = 300;

/// The address of a list, checked to be a path of the area.
#[derive(Clone, Debug, Default)]
pub(crate) struct Back {
    path: Option<String>,
    /// Whether the address is a parameter of this request.
    is_new: bool,
}

impl Back {
    /// The address that a request has, if it leads to a page below `root`.
    pub(crate) fn of(request: &HttpRequest, root: &'static str) -> Self {
        let parameter = PageForm::of_query(request.query_string()).get(BACK).to_owned();
        if let Some(path) = checked(&parameter, root) {
            return Self { path: Some(path), is_new: true };
        }
        let stored = request.cookie(COOKIE);
        Self { path: stored.and_then(|cookie| checked(cookie.value(), root)), is_new: false }
    }

    /// The address, if it is one of the page `list`; else `list`.
    pub(crate) fn to(&self, list: &str) -> String {
        let of_list = |path: &&String| {
            path.strip_prefix(list).is_some_and(|rest| rest.is_empty() || rest.starts_with('?'))
        };
        self.path.as_ref().filter(of_list).map_or(list, String::as_str).to_owned()
    }

    /// The cookie for the pages that follow.
    pub(crate) fn cookie(&self, root: &'static str, is_https: bool) -> Option<Cookie<'static>> {
        let path = self.path.as_ref().filter(|_| self.is_new)?;
        let cookie = Cookie::build(COOKIE, path.clone()).path(root).http_only(true);
        Some(cookie.same_site(SameSite::Strict).secure(is_https).finish())
    }
}

/// The query of the link to a row, with the address of its list: `path`, or `shorter` if that is too long for a link.
/// None for a list without any choice of its reader, which the row leads back to anyway, and where both are too long.
pub(crate) fn query(path: &str, shorter: &str) -> String {
    let fits = |path: &&str| path.contains('?') && path.len() <= MAX_IN_LINK;
    let path = Some(path).filter(fits).or(Some(shorter).filter(fits));
    path.map(|path| format!("?{BACK}={}", encode(path))).unwrap_or_default()
}

/// The path, if it is one below `root` and can be the value of a cookie (RFC 6265bis §4.1.1).
fn checked(text: &str, root: &'static str) -> Option<String> {
    let is_path = !text.is_empty() && ReturnTo::parse(text, root).as_str() == text;
    (is_path && !text.contains([';', ',', '"'])).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    const ROOT: &str = "/admin/";
    const LIST: &str = "/admin/users/";

    fn of(query: &str, cookie: &str) -> Back {
        let request = TestRequest::with_uri(&format!("/admin/users/7?{query}"));
        Back::of(&request.cookie(Cookie::new(COOKIE, cookie.to_owned())).to_http_request(), ROOT)
    }

    #[test]
    fn the_parameter_leads_back_and_then_the_cookie() {
        let list = "/admin/users/?q=anna&sel=1.2";
        let back = of(&query(list, LIST)[1..], "");
        assert_eq!(back.to(LIST), list);
        assert_eq!(back.cookie(ROOT, true).unwrap().value(), list);
        let later = of("", list);
        assert_eq!(later.to(LIST), list);
        assert!(later.cookie(ROOT, true).is_none());
        assert_eq!(of("", "").to(LIST), LIST);
    }

    #[test]
    fn only_the_list_itself_is_led_back_to() {
        for elsewhere in [
            "//evil.example/",
            "https://evil.example/admin/users/",
            "/admin/users/../../x",
            "/admin/users/7/delete",
            "/admin/usersx",
            "/admin/users/?q=a;b",
            "/admin/audit?who=a",
            "\\\\evil",
        ] {
            let query = format!("back={}", encode(elsewhere));
            assert_eq!(of(&query, elsewhere).to(LIST), LIST, "{elsewhere}");
        }
    }

    #[test]
    fn a_long_address_is_not_in_every_link() {
        let long = format!("{LIST}?sel={}", "1.".repeat(MAX_IN_LINK));
        assert_eq!(query(&long, "/admin/users/?q=a"), "?back=%2Fadmin%2Fusers%2F%3Fq%3Da");
        assert_eq!([query(LIST, LIST), query(&long, &long)], ["", ""]);
    }
}
