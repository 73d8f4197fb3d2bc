//! Where the endpoints of a dialect are served.

use super::parse::Parsed;
use crate::types::Link;

/// The first parts of paths that this server has pages at.
const TAKEN: [&str; 10] = [
    "admin",
    "account",
    "static",
    "healthz",
    "sign-in",
    "sign-up",
    "sign-out",
    "forgot-password",
    ".well-known",
    "setup",
];

/// A path without a slash at its end, such as `/auth`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathPrefix(String);

impl PathPrefix {
    /// One or more parts, the first of which is no page of this server.
    pub(crate) fn parse(text: &str) -> Parsed<Self> {
        let path = text.strip_suffix('/').unwrap_or(text);
        let is_part = |part: &str| {
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_~.".contains(&byte);
            !part.is_empty() && part.bytes().all(is_plain) && !part.bytes().all(|byte| byte == b'.')
        };
        let parts: Vec<&str> = path.strip_prefix('/').unwrap_or_default().split('/').collect();
        if path.len() > 100 || !parts.iter().all(|part| is_part(part)) {
            return Err("expected a path such as /auth".to_owned());
        }
        let is_link =
            |part: &&str| Link::ALL.iter().any(|link| link.path().starts_with(&format!("/{part}/")));
        match parts.first().filter(|part| TAKEN.contains(part) || is_link(part)) {
            Some(part) => Err(format!("this server has pages at /{part}: choose another path")),
            None => Ok(Self(path.to_owned())),
        }
    }

    /// The path.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a request's path lies below it.
    pub(crate) fn contains(&self, path: &str) -> bool {
        path.strip_prefix(&self.0).is_some_and(|rest| rest.starts_with('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_a_plain_path_that_is_no_page_of_this_server() {
        for (text, path) in
            [("/auth", "/auth"), ("/api/auth/", "/api/auth"), ("/dj-rest-auth", "/dj-rest-auth")]
        {
            assert_eq!(PathPrefix::parse(text).unwrap().as_str(), path);
        }
        for text in
            ["", "/", "auth", "/a//b", "/a b", "/{id}", "/a?b", "/../a", "//", "/admin", "/reset-password/x"]
        {
            assert!(PathPrefix::parse(text).is_err(), "{text}");
        }
    }
}
