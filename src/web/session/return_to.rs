//! The page of an area to go to after signing in or re-authenticating: a parameter of the request, accepted
//! only if it leads to the same area.

use actix_web::HttpRequest;
use url::form_urlencoded::byte_serialize;

/// The longest accepted path with its query, in bytes.
const MAX_LENGTH: usize = 4000;

/// A path of an area, with its query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReturnTo {
    path: String,
    /// What every path of the area begins with. A path that begins with it stays on this server, whatever
    /// follows (WHATWG URL Standard, "path-absolute URL").
    root: &'static str,
}

impl ReturnTo {
    /// Reads a path of the area below `root`; any other text means the area's start page.
    pub(crate) fn parse(text: &str, root: &'static str) -> Self {
        let is_in_area = text.starts_with(root)
            && text.len() <= MAX_LENGTH
            && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
            && !has_dot_segments(text);
        Self { path: if is_in_area { text } else { root }.to_owned(), root }
    }

    /// The page that `request` asks for.
    pub(crate) fn of(request: &HttpRequest, root: &'static str) -> Self {
        Self::parse(request.uri().path_and_query().map_or("", |path| path.as_str()), root)
    }

    /// The path, with its query.
    pub(crate) fn as_str(&self) -> &str {
        &self.path
    }

    /// The path one segment up: the page of a user for an action on that user, the list for its export.
    pub(crate) fn parent(&self) -> String {
        let path = self.path.split(['?', '#']).next().unwrap_or(self.root).trim_end_matches('/');
        match path.rsplit_once('/') {
            Some((parent, _)) if parent.starts_with(self.root) => parent.to_owned(),
            _ => self.root.to_owned(),
        }
    }

    /// The URL of the page `first`, with this path as the parameter `next`.
    pub(crate) fn as_next_of(&self, first: &str) -> String {
        format!("{first}?next={}", self.encoded())
    }

    /// The path as the value of a parameter.
    pub(crate) fn encoded(&self) -> String {
        encode(&self.path)
    }
}

/// A text as the value of a parameter of a URL.
pub(crate) fn encode(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}

/// Whether a text is a path of this server, whatever follows: a browser takes `//` for the beginning of a host
/// (WHATWG URL Standard, "special authority slashes").
pub(super) fn is_path_of_this_server(text: &str) -> bool {
    text.starts_with('/') && !text.starts_with("//") && !has_dot_segments(text)
}

/// Whether a browser would remove segments from the path: one of them is a dot or two, plain or encoded
/// (WHATWG URL Standard, "single-dot" and "double-dot URL path segment").
fn has_dot_segments(text: &str) -> bool {
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

    const ROOT: &str = "/admin/";

    fn parse(text: &str) -> ReturnTo {
        ReturnTo::parse(text, ROOT)
    }

    #[test]
    fn only_a_path_of_the_area_is_accepted() {
        assert_eq!(parse("/admin/users/?q=a&sort=email").as_str(), "/admin/users/?q=a&sort=email");
        for here in ["/admin/users/?q=../..", "/admin/.../x", "/admin/..a#/../"] {
            assert_eq!(parse(here).as_str(), here);
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
            assert_eq!(parse(elsewhere).as_str(), "/admin/", "{elsewhere}");
        }
    }

    #[test]
    fn the_parent_page_is_one_segment_up() {
        for (page, parent) in [
            ("/admin/users/7/delete", "/admin/users/7"),
            ("/admin/users/chosen?do=delete&id=1/2", "/admin/users"),
            ("/admin/audit/export.csv", "/admin/audit"),
            ("/admin/users/", "/admin/"),
            ("/admin/", "/admin/"),
        ] {
            assert_eq!(parse(page).parent(), parent, "{page}");
        }
    }

    proptest! {
        #[test]
        fn any_text_leads_to_a_page_of_the_area(text in "([/\\\\a-z:.@?#%\t\n-]|[.]{1,2}/|%2[eE]){0,20}") {
            let base = url::Url::parse("https://here.example/admin/").unwrap();
            for typed in [text.clone(), format!("/admin/{text}")] {
                let target = base.join(parse(&typed).as_str()).unwrap();
                prop_assert_eq!(target.host_str(), Some("here.example"));
                prop_assert!(target.path().starts_with(ROOT), "{}", target);
            }
        }
    }
}
