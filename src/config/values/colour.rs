//! A colour, for emails and pages.

use std::fmt;

use super::parse::Parsed;

/// Red, green and blue, as `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour([u8; 3]);

impl Colour {
    /// Red, green and blue.
    pub(crate) const fn new(channels: [u8; 3]) -> Self {
        Self(channels)
    }

    pub(crate) fn parse(text: &str) -> Parsed<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6);
        let number = digits
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .ok_or("expected a colour such as #1d4ed8")?;
        let [_, red, green, blue] = number.to_be_bytes();
        Ok(Self([red, green, blue]))
    }

    /// The text colour with the best contrast on this background, black or white (WCAG 2.2, "contrast
    /// ratio").
    pub fn ink(self) -> Self {
        // From this luminance on, black has the greater contrast: (l + 0.05)² = 1.05 · 0.05.
        const THRESHOLD: f64 = 0.179_128_784_747_792;
        if self.luminance() > THRESHOLD { Self([0; 3]) } else { Self([255; 3]) }
    }

    /// The contrast ratio, 1 to 21 (WCAG 2.2).
    pub(crate) fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// This colour with `percent` (0 to 100) of `other` in it.
    pub(crate) fn mixed(self, other: Self, percent: u16) -> Self {
        let percent = percent.min(100);
        let mut channels = self.0;
        for (own, other) in channels.iter_mut().zip(other.0) {
            let mixed = (u16::from(*own) * (100 - percent) + u16::from(other) * percent + 50) / 100;
            *own = u8::try_from(mixed).unwrap_or(u8::MAX);
        }
        Self(channels)
    }

    /// The relative luminance (WCAG 2.2).
    fn luminance(self) -> f64 {
        let linear = |channel: u8| match f64::from(channel) / 255.0 {
            dark if dark <= 0.04045 => dark / 12.92,
            bright => ((bright + 0.055) / 1.055).powf(2.4),
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_has_six_hexadecimal_digits() {
        assert_eq!(Colour::parse("#1D4ed8").unwrap().to_string(), "#1d4ed8");
        for text in ["", "#fff", "1d4ed8", "#1d4ed", "#1d4ed88", "#+d4ed8", "red", "#1d4ed8;}"] {
            assert!(Colour::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn text_is_white_on_dark_colours_and_black_on_light_ones() {
        let ink = |text| Colour::parse(text).unwrap().ink().to_string();
        assert_eq!([ink("#000000"), ink("#1d4ed8"), ink("#cc0000")], ["#ffffff"; 3]);
        assert_eq!([ink("#ffffff"), ink("#ffd700"), ink("#7fff00")], ["#000000"; 3]);
    }

    #[test]
    fn black_on_white_has_the_greatest_contrast_and_a_mix_lies_between() {
        let (black, white) = (Colour::new([0; 3]), Colour::new([255; 3]));
        assert!((black.contrast(white) - 21.0).abs() < 0.001 && (white.contrast(white) - 1.0).abs() < 0.001);
        assert_eq!(black.mixed(white, 50).to_string(), "#808080");
        assert_eq!([black.mixed(white, 0), black.mixed(white, 200)], [black, white]);
    }
}
