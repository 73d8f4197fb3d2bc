//! A `User-Agent` in words, such as "Firefox on Linux": a guess that helps users to recognise their own
//! sessions.

use crate::texts::Lang;

/// A part of the `User-Agent`, and the client that sends it. Edge also sends the part of Chrome, and Chrome
/// that of Safari, so the order matters.
const CLIENTS: [(&str, &str); 20] = [
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("HeadlessChrome/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
    ("Wget/", "Wget"),
    ("python-requests/", "Python"),
    ("Python/", "Python"),
    ("PostmanRuntime/", "Postman"),
    ("okhttp/", "OkHttp"),
    ("Dart/", "Dart"),
];

/// A part of the `User-Agent`, and the operating system that it names.
const SYSTEMS: [(&str, &str); 8] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "macOS"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
];

/// The client and its operating system, if they are known. For an unknown client, its own name for itself
/// or "Unknown client".
#[must_use]
pub(crate) fn client_in_words(user_agent: &str) -> String {
    let find = |known: &[(&'static str, &'static str)]| {
        known.iter().find(|(part, _)| user_agent.contains(part)).map(|(_, name)| *name)
    };
    let client = find(&CLIENTS).or_else(|| own_name(user_agent)).unwrap_or("Unknown client");
    match find(&SYSTEMS) {
        Some(system) => format!("{client} on {system}"),
        None => client.to_owned(),
    }
}

texts! {
    device_on(client, system) = "{client} on {system}" | "{client} auf {system}";
    unknown_device() = "unknown device" | "unbekanntes Gerät";
}

impl Lang {
    /// The client and its operating system for an email. Nothing that the client says itself is in it: that could
    /// become a link there.
    #[must_use]
    pub fn device(self, user_agent: &str) -> String {
        let find = |known: &[(&'static str, &'static str)]| {
            known.iter().find(|(part, _)| user_agent.contains(part)).map(|(_, name)| *name)
        };
        match (find(&CLIENTS), find(&SYSTEMS)) {
            (Some(client), Some(system)) => self.device_on(client, system),
            (Some(name), None) | (None, Some(name)) => name.to_owned(),
            (None, None) => self.unknown_device().to_owned(),
        }
    }
}

/// The first product (RFC 9110 §10.1.5), unless it is the `Mozilla` of every browser.
fn own_name(user_agent: &str) -> Option<&str> {
    let product = user_agent.split(['/', ' ', '(']).next()?;
    let is_name = !product.is_empty() && product.len() <= 40 && product != "Mozilla";
    is_name.then_some(product)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_in_an_email_has_no_word_of_the_client_itself() {
        let device = |t: Lang, user_agent| t.device(user_agent);
        assert_eq!(
            device(Lang::German, "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0"),
            "Firefox auf Linux"
        );
        assert_eq!(device(Lang::English, "curl/8.5.0"), "curl");
        assert_eq!(device(Lang::English, "www.free-money.example/1.0"), "unknown device");
    }

    #[test]
    fn common_clients_are_recognised() {
        let cases = [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
                "Chrome on Windows",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
                "Safari on macOS",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0 Mobile/15E148 Safari/604.1",
                "Chrome on iPhone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
                "Samsung Internet on Android",
            ),
            ("curl/8.5.0", "curl"),
            ("my-app/1.0 (Linux; x)", "my-app on Linux"),
            ("Mozilla/5.0 (Linux)", "Unknown client on Linux"),
            ("", "Unknown client"),
        ];
        for (user_agent, words) in cases {
            assert_eq!(client_in_words(user_agent), words, "{user_agent}");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_text_has_a_description(text: String) {
            proptest::prop_assert!(!client_in_words(&text).is_empty());
        }
    }
}
