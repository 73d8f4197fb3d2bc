//! Where the logo of the site comes from: a file, or an image that was uploaded.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::parse;
use super::parse::Parsed;

/// The source of a logo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogoSource {
    /// A file of this machine.
    File(PathBuf),
    /// The bytes of an image, from a `data:` URL (RFC 2397).
    Image(Arc<[u8]>),
}

impl LogoSource {
    /// The name of a file, or a `data:` URL in Base64. A web address is refused: this server sends no requests, and
    /// pages load nothing from others.
    pub(crate) fn parse(text: &str) -> Parsed<Self> {
        if let Some(url) = text.strip_prefix("data:") {
            let bytes = url.split_once(";base64,").and_then(|(_, data)| STANDARD.decode(data).ok());
            let bytes = bytes.ok_or("expected `data:`, a media type, `;base64,` and Base64")?;
            return Ok(Self::Image(bytes.into()));
        }
        if text.contains("://") {
            return Err("expected a file: download the logo, and name the file".to_owned());
        }
        parse::path(text).map(Self::File)
    }

    /// The file, if it is one.
    pub(crate) fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Image(_) => None,
        }
    }
}

/// The value of a setting for display: an image by its size.
pub(crate) fn displayed(text: &str) -> Option<String> {
    match LogoSource::parse(text) {
        Ok(LogoSource::Image(bytes)) => Some(format!("{IMAGE_OF}{}{BYTES}", bytes.len())),
        _ => None,
    }
}

const IMAGE_OF: &str = "(image of ";
const BYTES: &str = " bytes)";

/// How many bytes the image has, if this is one for display.
pub(crate) fn displayed_size(value: &str) -> Option<u64> {
    value.strip_prefix(IMAGE_OF)?.strip_suffix(BYTES)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_web_address_is_refused_with_advice() {
        assert!(
            LogoSource::parse("https://www.example.com/logo.svg").unwrap_err().contains("download the logo")
        );
        let file = LogoSource::parse("/etc/doorward/logo.png").unwrap();
        assert_eq!(file.file(), Some(Path::new("/etc/doorward/logo.png")));
        assert!(LogoSource::parse("").is_err());
    }

    #[test]
    fn a_data_url_is_an_image_that_is_displayed_by_its_size() {
        let url = "data:image/gif;base64,R0lGODlh";
        assert_eq!(LogoSource::parse(url).unwrap(), LogoSource::Image(b"GIF89a".as_slice().into()));
        assert_eq!(displayed(url).as_deref(), Some("(image of 6 bytes)"));
        assert_eq!(displayed_size("(image of 6 bytes)"), Some(6));
        assert_eq!([displayed("logo.png"), displayed("")], [None, None]);
        assert_eq!(displayed_size("logo.png"), None);
        for bad in ["data:", "data:image/gif,GIF89a", "data:image/gif;base64,R0lGODl!", "data:;base64"] {
            assert!(LogoSource::parse(bad).unwrap_err().contains("Base64"), "{bad}");
        }
    }
}
