//! The names of the formats that are not supported, for error messages.

/// The name of the algorithm of a text that is of no supported format.
pub(super) fn algorithm(text: &str) -> &'static str {
    match text.split_once('$') {
        Some(("crypt", _)) => "crypt",
        _ => "unknown",
    }
}
