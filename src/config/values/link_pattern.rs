//! The page of a front end that a link in a mail opens.

use url::Url;

use super::page_url::PageUrl;
use super::parse::Parsed;

/// Stand for the placeholders while the URL is checked. Browsers send both as they are.
const UID: &str = "0-uid-0";
const TOKEN: &str = "0-token-0";

/// A URL with the placeholders `{uid}` and `{token}`, in any part but the host. `{key}` is another name of the
/// latter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkPattern(String);

impl LinkPattern {
    /// An absolute URL that has the token.
    pub(crate) fn parse(text: &str) -> Parsed<Self> {
        let filled = text.replace("{uid}", UID).replace("{token}", TOKEN).replace("{key}", TOKEN);
        let is_place = |url: &Url| {
            let path = &url[url::Position::BeforePath..];
            path.contains(TOKEN) && !url[..url::Position::BeforePath].contains("0-")
        };
        let expected = || "expected a URL such as https://app.example.com/reset/{uid}/{token}".to_owned();
        let page = PageUrl::parse(&filled).map_err(|_| expected())?;
        let url = Url::parse(page.as_str()).ok().filter(is_place).ok_or_else(expected)?;
        if url.as_str().contains(['{', '}']) || url.as_str().contains("%7B") {
            return Err("only {uid}, {token} and {key} can be in braces".to_owned());
        }
        Ok(Self(url.into()))
    }

    /// The link. `None` if it needs a user id and there is none.
    pub(crate) fn url(&self, uid: Option<&str>, token: &str) -> Option<String> {
        if uid.is_none() && self.0.contains(UID) {
            return None;
        }
        Some(self.0.replace(UID, uid.unwrap_or_default()).replace(TOKEN, token))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(pattern: &str) -> Option<String> {
        LinkPattern::parse(pattern).unwrap().url(Some("MQ"), "abc")
    }

    #[test]
    fn the_placeholders_are_filled_in() {
        for (pattern, expected) in [
            ("https://a.example/reset/{uid}/{token}", "https://a.example/reset/MQ/abc"),
            ("http://localhost:3000/#/activate/{uid}/{token}", "http://localhost:3000/#/activate/MQ/abc"),
            ("https://a.example/x?uid={uid}&key={key}", "https://a.example/x?uid=MQ&key=abc"),
        ] {
            assert_eq!(url(pattern).as_deref(), Some(expected));
        }
        assert_eq!(LinkPattern::parse("https://a.example/{uid}/{token}").unwrap().url(None, "abc"), None);
    }

    #[test]
    fn a_pattern_without_its_token_or_with_other_braces_is_refused() {
        for text in [
            "https://a.example/reset",
            "https://a.example/{uid}",
            "/reset/{token}",
            "https://{token}.example/",
            "https://a.example/{token}/{name}",
            "javascript:alert('{token}')",
        ] {
            assert!(LinkPattern::parse(text).is_err(), "{text}");
        }
    }
}
