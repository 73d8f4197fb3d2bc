//! Where a browser goes after signing in to the account pages: the parameter `next`, which links on other sites
//! set. Accepted are pages of this server and of `cors.allowed_origins`; anything else is dropped, so that no link
//! to this server leads to a site that its operator has not named.

use url::{Position, Url};

use crate::config::Config;
use crate::web::session::return_to::{encode, is_path_of_this_server};

/// The longest accepted URL, in bytes.
const MAX_LENGTH: usize = 4000;

/// A page to go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextUrl {
    url: String,
    /// The other origin, if it is a page of one.
    origin: Option<String>,
}

impl NextUrl {
    /// Reads the parameter; `None` for a text that leads anywhere else.
    pub fn parse(text: &str, config: &Config) -> Option<Self> {
        let is_plain =
            text.len() <= MAX_LENGTH && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        if !is_plain {
            return None;
        }
        if is_path_of_this_server(text) {
            return Some(Self { url: text.to_owned(), origin: None });
        }
        let url = Url::parse(text).ok()?;
        let is_page =
            matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
        let origin = url.origin().ascii_serialization();
        if !is_page {
            return None;
        }
        if origin == config.public_url.origin() {
            let path = &url[Position::BeforePath..];
            return is_path_of_this_server(path).then(|| Self { url: path.to_owned(), origin: None });
        }
        let is_listed = config.cors.allowed_origins.iter().any(|allowed| allowed.is(origin.as_bytes()));
        is_listed.then(|| Self { url: url.into(), origin: Some(origin) })
    }

    /// The path, or the whole URL of a page of another origin.
    pub fn as_str(&self) -> &str {
        &self.url
    }

    /// The other origin, to which a form of ours leads.
    pub(crate) fn origin(&self) -> Option<&str> {
        self.origin.as_deref()
    }

    /// As the value of a parameter.
    pub(crate) fn encoded(&self) -> String {
        encode(&self.url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Option<String> {
        let settings = [
            ("public_url", "https://accounts.example.com"),
            ("signing_key", "a-signing-key-of-32-random-bytes!"),
            ("cors.allowed_origins", "https://app.example.com, capacitor://localhost"),
        ];
        let config = Config::from_settings(&settings).unwrap();
        NextUrl::parse(text, &config).map(|next| next.as_str().to_owned())
    }

    #[test]
    fn pages_of_this_server_and_of_listed_origins_are_accepted() {
        for (text, next) in [
            ("/account/security", "/account/security"),
            ("/app/?a=b#c", "/app/?a=b#c"),
            ("/", "/"),
            ("https://accounts.example.com/account?x=1", "/account?x=1"),
            ("https://accounts.example.com", "/"),
            ("https://app.example.com/start?a=b", "https://app.example.com/start?a=b"),
            ("HTTPS://APP.example.com:443", "https://app.example.com/"),
        ] {
            assert_eq!(parse(text).as_deref(), Some(next), "{text}");
        }
    }

    #[test]
    fn everything_else_is_dropped() {
        for text in [
            "",
            "account",
            "//evil.example/",
            "/\\evil.example",
            "\\\\evil.example",
            "///evil.example",
            "/..//evil.example",
            "/%2e%2E//evil.example",
            "https://evil.example/",
            "https://app.example.com.evil.example/",
            "https://app.example.com@evil.example/",
            "https://user:secret@app.example.com/",
            "https://user@app.example.com/",
            "https://:secret@app.example.com/",
            "http://app.example.com/",
            "https://app.example.com:444/",
            "https:evil.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "capacitor://localhost/x",
            " /account",
            "/account\n",
            "/\taccount",
            "/ä",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse(&format!("/{}", "a".repeat(MAX_LENGTH))), None);
    }
}
