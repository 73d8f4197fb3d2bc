//! The languages, and the choice of one by `Accept-Language`.

/// A language in which every text of the catalogue exists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// The default, where a browser asks for none of these languages.
    #[default]
    English,
    /// German, in the formal address.
    German,
}

impl Lang {
    /// All of them, in the order in which pages offer them.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// Its tag (BCP 47), for `lang="…"` and for the cookie.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// Its name in the language itself.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
        }
    }

    /// The language of a tag; regions and scripts (`de-AT`) are ignored.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or(tag).trim();
        Self::ALL.into_iter().find(|lang| primary.eq_ignore_ascii_case(lang.tag()))
    }

    /// The language with the highest weight in `Accept-Language` (RFC 9110 §12.5.4), of equal ones the first; `None`
    /// if the header names none of the languages.
    #[must_use]
    pub fn accepted(header: &str) -> Option<Self> {
        let mut best = (0.0, None);
        for wish in header.split(',') {
            let (tag, weight) = wish.split_once(';').unwrap_or((wish, "q=1"));
            let weight = weight.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()).unwrap_or(0.0);
            match Self::of_tag(tag) {
                Some(lang) if weight > best.0 => best = (weight, Some(lang)),
                _ => {}
            }
        }
        best.1
    }

    /// A whole number with thousands separators.
    #[must_use]
    pub fn number(self, number: u64) -> String {
        let digits = number.to_string();
        let mut text = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push(match self {
                    Self::English => ',',
                    Self::German => '.',
                });
            }
            text.push(digit);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preferred_language_is_chosen_if_there_is_one() {
        for (header, lang) in [
            ("de", Lang::German),
            ("de-AT,de;q=0.9,en;q=0.8", Lang::German),
            ("en-GB, de;q=0.9", Lang::English),
            ("fr, de;q=0.2, en;q=0.1", Lang::German),
            ("DE_de", Lang::German),
        ] {
            assert_eq!(Lang::accepted(header), Some(lang), "{header}");
        }
        for header in ["", "fr", "de;q=0", "de;q=x, *"] {
            assert_eq!(Lang::accepted(header), None, "{header}");
        }
    }

    #[test]
    fn numbers_are_written_as_each_language_does() {
        assert_eq!(Lang::English.number(1_234_567), "1,234,567");
        assert_eq!(Lang::German.number(1_234_567), "1.234.567");
        assert_eq!([0, 12, 999].map(|n| Lang::English.number(n)), ["0", "12", "999"]);
    }
}
