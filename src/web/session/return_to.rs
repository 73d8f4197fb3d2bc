//! Where to go on after signing in: the page that was asked for, if it is one of the admin's.

use actix_web::HttpRequest;
use url::form_urlencoded::byte_serialize;

/// What every page of the admin begins with. A path with it in front stays on this server,
/// whatever follows (WHATWG URL Standard, "path-absolute URL").
const ROOT: &str = "/admin/";

/// The longest that is remembered, in bytes.
const LONGEST: usize = 4000;

/// A path of the admin, with its query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReturnTo(String);

impl ReturnTo {
    /// Reads one; whatever leads elsewhere leads to the start.
    pub(crate) fn parse(text: &str) -> Self {
        let is_ours = text.starts_with(ROOT)
            && text.len() <= LONGEST
            && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
            && !climbs(text);
        Self(if is_ours { text } else { ROOT }.to_owned())
    }

    /// The page that is asked for now.
    pub(crate) fn of(request: &HttpRequest) -> Self {
        Self::parse(request.uri().path_and_query().map_or("", |path| path.as_str()))
    }

    /// The path.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The page above that one: of a user above what is done to them, of a list above what comes out of it.
    pub(crate) fn above(&self) -> String {
        let path = self.0.split(['?', '#']).next().unwrap_or(ROOT).trim_end_matches('/');
        match path.rsplit_once('/') {
            Some((above, _)) if above.starts_with(ROOT) => above.to_owned(),
            _ => ROOT.to_owned(),
        }
    }

    /// As a parameter of the page that comes first.
    pub(crate) fn after(&self, first: &str) -> String {
        format!("{first}?next={}", self.encoded())
    }

    /// As the value of a parameter.
    pub(crate) fn encoded(&self) -> String {
        byte_serialize(self.0.as_bytes()).collect()
    }
}

/// Whether a browser would take segments out of the path: one of them is a dot or two, be they written as
/// they are or encoded (WHATWG URL Standard, "single-dot" and "double-dot URL path segment").
fn climbs(text: &str) -> bool {
    let path = text.split(['?', '#']).next().unwrap_or(text);
    path.split('/').any(|segment| {
        let plain = segment.to_ascii_lowercase().replace("%2e", ".");
        plain == "." || plain == ".."
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_a_path_of_the_admin_is_gone_to() {
        assert_eq!(ReturnTo::parse("/admin/users/?q=a&sort=email").as_str(), "/admin/users/?q=a&sort=email");
        for here in ["/admin/users/?q=../..", "/admin/.../x", "/admin/..a#/../"] {
            assert_eq!(ReturnTo::parse(here).as_str(), here);
        }
        for elsewhere in [
            "",
            "/",
            "//evil.example/",
            "https://evil.example/",
            "/admin",
            "/\\evil",
            "/admin/\\evil",
            "/admin/\nx",
            "javascript:alert(1)",
            " /admin/",
            "/admin/ä",
            "/admin/..",
            "/admin/../..//evil.example",
            "/admin/users/%2e%2E/.%2e/x?q=a",
            "/admin/%2e#x",
            "/admin/./users/",
        ] {
            assert_eq!(ReturnTo::parse(elsewhere).as_str(), "/admin/", "{elsewhere}");
        }
    }

    #[test]
    fn the_page_above_is_one_segment_up() {
        for (page, above) in [
            ("/admin/users/7/delete", "/admin/users/7"),
            ("/admin/users/chosen?do=delete&id=1/2", "/admin/users"),
            ("/admin/audit/export.csv", "/admin/audit"),
            ("/admin/users/", "/admin/"),
            ("/admin/", "/admin/"),
        ] {
            assert_eq!(ReturnTo::parse(page).above(), above, "{page}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_typed_stays_in_the_admin(text in "([/\\\\a-z:.@?#%\t\n-]|[.]{1,2}/|%2[eE]){0,20}") {
            let base = url::Url::parse("https://here.example/admin/").unwrap();
            for typed in [text.clone(), format!("/admin/{text}")] {
                let gone_to = base.join(ReturnTo::parse(&typed).as_str()).unwrap();
                prop_assert_eq!(gone_to.host_str(), Some("here.example"));
                prop_assert!(gone_to.path().starts_with(ROOT), "{}", gone_to);
            }
        }
    }
}
