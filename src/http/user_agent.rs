//! A `User-Agent` in words, for people: "Firefox on Linux". Pure; a guess by what clients call
//! themselves, good enough to know one's own again.

/// What only the named client says of itself. Those that also call themselves by another's name
/// stand before it.
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

/// The same for systems.
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

/// The client and its system, as far as they can be told; the name of a client that is not known, or
/// "Unknown client".
#[must_use]
pub(crate) fn client_in_words(user_agent: &str) -> String {
    let find = |known: &[(&'static str, &'static str)]| {
        known.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    let client = find(&CLIENTS).or_else(|| own_name(user_agent)).unwrap_or("Unknown client");
    match find(&SYSTEMS) {
        Some(system) => format!("{client} on {system}"),
        None => client.to_owned(),
    }
}

/// The first product (RFC 9110 §10.1.5), unless it is the one that every browser names.
fn own_name(user_agent: &str) -> Option<&str> {
    let product = user_agent.split(['/', ' ', '(']).next()?;
    let is_name = !product.is_empty() && product.len() <= 40 && product != "Mozilla";
    is_name.then_some(product)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_clients_are_called_by_their_names() {
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
        fn any_text_has_words(text: String) {
            proptest::prop_assert!(!client_in_words(&text).is_empty());
        }
    }
}
