//! The names of the formats that are not supported, for error messages.

/// The name of the algorithm of a text that is not bcrypt, by the prefixes of
/// `django/contrib/auth/hashers.py`, `identify_hasher`, and of crypt(3).
pub(super) fn algorithm(text: &str) -> &'static str {
    const NAMES: [&str; 7] = ["pbkdf2_sha256", "pbkdf2_sha1", "argon2", "scrypt", "sha1", "md5", "crypt"];
    let is_md5 = |hex: &str| hex.len() == 32 && hex.bytes().all(|b| b.is_ascii_hexdigit());
    match text.split_once('$') {
        Some(("sha1", rest)) if rest.starts_with('$') => "unsalted_sha1",
        Some(("md5", rest)) if rest.starts_with('$') => "unsalted_md5",
        Some((name, _)) => NAMES.into_iter().find(|known| *known == name).unwrap_or("unknown"),
        None if is_md5(text) => "unsalted_md5",
        None => "unknown",
    }
}
