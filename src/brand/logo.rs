//! The logo of the site: read, checked, and made harmless before any page has it.

use std::fs::File;
use std::io;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;

use super::content_tag::ContentTag;
use super::svg;
use crate::config::{Colour, LogoSource, SiteConfig};

/// The largest logo, in bytes. A page with one stays small.
const MAX_BYTES: u64 = 256 << 10;

/// The name for which the built-in icon is made.
const OWN_NAME: &str = "doorward";

/// The content type of an SVG.
const SVG: &str = "image/svg+xml";

/// An image that pages can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Logo {
    pub content_type: &'static str,
    pub bytes: Vec<u8>,
    pub tag: ContentTag,
}

/// Why an image cannot be the logo.
#[derive(Debug, Error)]
pub enum LogoError {
    /// The file cannot be read.
    #[error("{} cannot be read: {}", .0.display(), .1)]
    Unreadable(PathBuf, io::Error),
    /// It is too large.
    #[error("the image is larger than {} KiB", MAX_BYTES >> 10)]
    TooLarge,
    /// It is in no format that pages can have.
    #[error("the file is no PNG, JPEG, GIF, WebP or SVG")]
    Format,
}

impl Logo {
    fn new(content_type: &'static str, bytes: Vec<u8>) -> Self {
        Self { content_type, tag: ContentTag::of(&bytes), bytes }
    }

    /// Reads the image. Blocks, if it is a file.
    pub(crate) fn of_source(source: &LogoSource) -> Result<Self, LogoError> {
        match source {
            LogoSource::File(path) => Self::of_bytes(
                read_up_to(path, MAX_BYTES + 1)
                    .map_err(|error| LogoError::Unreadable(path.clone(), error))?,
            ),
            LogoSource::Image(bytes) => Self::of_bytes(bytes.to_vec()),
        }
    }

    /// The image, if it is one by its first bytes: the name of the file does not decide.
    fn of_bytes(bytes: Vec<u8>) -> Result<Self, LogoError> {
        if u64::try_from(bytes.len()).is_ok_and(|length| length > MAX_BYTES) {
            return Err(LogoError::TooLarge);
        }
        let content_type = match bytes.as_slice() {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => "image/png",
            [0xff, 0xd8, 0xff, ..] => "image/jpeg",
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => "image/gif",
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
            _ => return Self::of_svg(&bytes),
        };
        Ok(Self::new(content_type, bytes))
    }

    fn of_svg(bytes: &[u8]) -> Result<Self, LogoError> {
        let text = std::str::from_utf8(bytes).map_err(|_| LogoError::Format)?;
        let svg = svg::harmless(text.trim_start_matches('\u{feff}')).ok_or(LogoError::Format)?;
        Ok(Self::new(SVG, svg.into_bytes()))
    }

    /// The logo of a site without one: the built-in icon, or the first letter of its name, in its colour.
    pub(crate) fn without_source(site: &SiteConfig) -> Self {
        let initial = site.name.chars().find(|c| c.is_alphanumeric());
        let svg = match initial {
            Some(initial) if site.name != OWN_NAME => monogram(initial, site.colour),
            _ => include_str!("../../static/icon.svg").replace("#17525f", &site.colour.to_string()),
        };
        Self::new(SVG, svg.into_bytes())
    }

    /// Whether mail programs display it: few display SVG or WebP.
    pub(crate) fn is_for_mail(&self) -> bool {
        matches!(self.content_type, "image/png" | "image/jpeg" | "image/gif")
    }

    /// The logo of the site, or why it is the one without a source.
    pub(crate) fn of_site(site: &SiteConfig) -> (Arc<Self>, Option<LogoError>) {
        match site.logo.as_ref().map(Self::of_source) {
            Some(Ok(logo)) => (Arc::new(logo), None),
            Some(Err(error)) => (Arc::new(Self::without_source(site)), Some(error)),
            None => (Arc::new(Self::without_source(site)), None),
        }
    }
}

fn read_up_to(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn monogram(initial: char, colour: Colour) -> String {
    let (initial, ink): (String, _) = (initial.to_uppercase().collect(), colour.ink());
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\">\
         <rect width=\"32\" height=\"32\" rx=\"8\" fill=\"{colour}\"/>\
         <text x=\"16\" y=\"22.5\" text-anchor=\"middle\" font-family=\"system-ui,sans-serif\" font-size=\"18\" \
         font-weight=\"650\" fill=\"{ink}\">{initial}</text></svg>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";

    fn site(settings: &[(&str, &str)]) -> SiteConfig {
        Config::from_settings(settings).unwrap().site.clone()
    }

    #[test]
    fn the_bytes_of_an_image_say_what_it_is() {
        let kind = |bytes: &[u8]| Logo::of_bytes(bytes.to_vec()).map(|logo| logo.content_type).ok();
        assert_eq!(kind(PNG), Some("image/png"));
        assert_eq!(kind(b"\xff\xd8\xff\xe0"), Some("image/jpeg"));
        assert_eq!(kind(b"GIF89a"), Some("image/gif"));
        assert_eq!(kind(b"RIFF\0\0\0\0WEBPVP8 "), Some("image/webp"));
        assert_eq!(kind("\u{feff}<?xml version=\"1.0\"?><svg></svg>".as_bytes()), Some("image/svg+xml"));
        for bytes in [&b""[..], b"<html></html>", b"%PDF-1.7", b"\0\x01", b"GIF90a"] {
            assert_eq!(kind(bytes), None, "{bytes:?}");
        }
        let large = [PNG, &vec![0; 256 << 10]].concat();
        assert!(matches!(Logo::of_bytes(large), Err(LogoError::TooLarge)));
    }

    #[test]
    fn a_file_is_read_and_one_that_is_missing_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("logo");
        std::fs::write(&path, PNG).unwrap();
        assert_eq!(Logo::of_source(&LogoSource::File(path)).unwrap().bytes, PNG);
        let missing = Logo::of_source(&LogoSource::File("/none".into())).unwrap_err();
        assert!(missing.to_string().starts_with("/none cannot be read: No such file"), "{missing}");
        let (logo, error) = Logo::of_site(&site(&[("site.logo", "/none"), ("site.name", "Example")]));
        assert!(error.is_some() && String::from_utf8_lossy(&logo.bytes).contains(">E</text>"));
    }

    #[test]
    fn a_site_without_a_logo_has_its_initial_in_its_colour() {
        let text = |settings: &[(&str, &str)]| {
            String::from_utf8(Logo::without_source(&site(settings)).bytes).unwrap()
        };
        let initial = text(&[("site.name", "élan"), ("site.colour", "#ffd700")]);
        assert!(
            initial.contains(">É</text>") && initial.contains("#ffd700") && initial.contains("#000000"),
            "{initial}"
        );
        let icon = text(&[("site.colour", "#1d4ed8")]);
        assert!(icon.contains("<path") && icon.contains("#1d4ed8") && !icon.contains("#17525f"), "{icon}");
        assert!(text(&[("site.name", "<>&")]).contains("<path"));
    }
}
