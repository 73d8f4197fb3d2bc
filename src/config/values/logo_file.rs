//! The file of the site's logo.

use std::path::PathBuf;

use super::parse;
use super::parse::Parsed;

/// The name of a file. A web address is refused: this server sends no requests, and pages load nothing from others.
pub(crate) fn parse(text: &str) -> Parsed<PathBuf> {
    if text.contains("://") {
        return Err("expected a file: download the logo, and name the file".to_owned());
    }
    parse::path(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_web_address_is_refused_with_advice() {
        assert!(parse("https://www.example.com/logo.svg").unwrap_err().contains("download the logo"));
        assert_eq!(parse("/etc/doorward/logo.png").unwrap(), PathBuf::from("/etc/doorward/logo.png"));
        assert!(parse("").is_err());
    }
}
