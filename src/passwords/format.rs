//! The encodings of a bcrypt hash: what the database holds, taken apart and
//! put together. `passwords` reads and makes hashes with it, administrators
//! see its [`Unreadable`] reasons. It never hashes and never compares.

use std::fmt::{self, Write as _};

use rand::TryRng as _;
use rand::rngs::SysRng;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::task::{DIGEST_LEN, KEY_MAX, Key, SALT_LEN};
use crate::types::{Password, PasswordHash};

/// The 64 letters of bcrypt's own base64, which is not that of RFC 4648.
const LETTERS: &[u8; 64] = b"./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/// Letters of a salt (16 bytes), and of salt and digest (23 bytes) together.
const SALT_LETTERS: usize = 22;
const BODY_LETTERS: usize = 53;

/// The costs that bcrypt allows; each step doubles the work.
pub(crate) const COSTS: std::ops::RangeInclusive<u32> = 4..=31;

/// How the password went into bcrypt, and how the hash is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `bcrypt_sha256$$2b$12$…`: bcrypt over the lower-case hex SHA-256
    /// (`django/contrib/auth/hashers.py`, `BCryptSHA256PasswordHasher`).
    BcryptSha256,
    /// `bcrypt$$2b$12$…`: bcrypt over the password itself, of which only the
    /// first 72 bytes count (`BCryptPasswordHasher` in the same file).
    Bcrypt,
    /// `$2b$12$…`: the same as other software writes it, without a prefix.
    Raw,
}

impl Format {
    const ALL: [Self; 3] = [Self::BcryptSha256, Self::Bcrypt, Self::Raw];

    /// What administrators know it by.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::BcryptSha256 => "bcrypt_sha256",
            Self::Bcrypt | Self::Raw => "bcrypt",
        }
    }

    fn prefix(self) -> &'static str {
        match self {
            Self::BcryptSha256 => "bcrypt_sha256$",
            Self::Bcrypt => "bcrypt$",
            Self::Raw => "",
        }
    }

    /// What bcrypt is keyed with for this password.
    pub(super) fn key(self, typed: &Typed) -> Key {
        match self {
            Self::BcryptSha256 => typed.sha256.clone(),
            Self::Bcrypt | Self::Raw => typed.plain.clone(),
        }
    }

    /// Whether a hash of this format looks at the whole of the password.
    pub(super) const fn covers(self, typed: &Typed) -> bool {
        matches!(self, Self::BcryptSha256) || !typed.is_cut
    }
}

/// What is kept of a password while it waits: the keys that bcrypt makes of it, some 72 bytes each,
/// however long it was. As secret as the password.
#[derive(Clone)]
pub struct Typed {
    sha256: Key,
    plain: Key,
    /// Whether bcrypt alone would not see all of it.
    is_cut: bool,
}

impl From<Password> for Typed {
    fn from(password: Password) -> Self {
        let bytes = password.as_bytes();
        Self {
            sha256: Key::new(hex_sha256(bytes).as_bytes()),
            plain: Key::new(bytes),
            is_cut: bytes.len() > KEY_MAX,
        }
    }
}

impl fmt::Debug for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Typed(redacted)")
    }
}

fn hex_sha256(bytes: &[u8]) -> Zeroizing<String> {
    let mut hex = Zeroizing::new(String::with_capacity(64));
    for byte in Sha256::digest(bytes) {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// The revision of bcrypt that made the hash. The three compute the same, as
/// in pyca/bcrypt; `$2x$` is a broken one, and is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// `$2a$`
    A,
    /// `$2b$`, which every new hash is.
    B,
    /// `$2y$`
    Y,
}

impl Version {
    fn letter(self) -> char {
        match self {
            Self::A => 'a',
            Self::B => 'b',
            Self::Y => 'y',
        }
    }
}

/// Why a stored text is no hash that a password can be checked against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Django's `set_unusable_password`: the account has no password.
    #[error("the account has no usable password")]
    Unusable,
    /// Another algorithm, by its name.
    #[error("the algorithm {0} is not supported")]
    Unsupported(&'static str),
    /// Says it is bcrypt, but is not written as bcrypt.
    #[error("the bcrypt hash is malformed: {0}")]
    Malformed(Flaw),
}

/// What is wrong with a malformed bcrypt hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// Not `$version$cost$rest`.
    #[error("a part is missing")]
    Parts,
    /// The version is none that ever was.
    #[error("unknown version")]
    Version,
    /// Not two digits from 04 to 31.
    #[error("the cost is not a number from 04 to 31")]
    Cost,
    /// Cut off, or with something behind it.
    #[error("salt and digest are not 53 characters")]
    Length,
    /// Not bcrypt's base64.
    #[error("a character is not of the bcrypt alphabet")]
    Alphabet,
    /// The last character has bits that no encoder writes. Django fails on
    /// such a salt and finds no password right for such a digest.
    #[error("the last character of salt or digest has stray bits")]
    Padding,
}

/// A stored hash, taken apart.
#[derive(Clone)]
#[cfg_attr(test, derive(PartialEq, Eq))] // Only there: `==` takes no constant time.
pub struct Encoding {
    /// How the password went into it.
    pub format: Format,
    /// The revision of bcrypt.
    pub version: Version,
    /// The binary logarithm of the number of rounds, one of [`COSTS`].
    pub cost: u32,
    /// The salt in bytes.
    pub salt: [u8; SALT_LEN],
    /// The digest in bytes. A secret: compare it in constant time only.
    pub digest: [u8; DIGEST_LEN],
}

impl fmt::Debug for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encoding")
            .field("format", &self.format)
            .field("version", &self.version)
            .field("cost", &self.cost)
            .finish_non_exhaustive()
    }
}

impl Encoding {
    /// Takes a stored hash apart.
    ///
    /// Strict: what it accepts, [`Encoding::encode`] writes back letter for
    /// letter.
    ///
    /// # Errors
    /// [`Unreadable`], when the text is not bcrypt or not well written.
    pub fn parse(stored: &PasswordHash) -> Result<Self, Unreadable> {
        let text = stored.as_stored();
        let (format, crypt) = Format::ALL
            .into_iter()
            .find_map(|format| Some((format, text.strip_prefix(format.prefix())?)))
            .filter(|(format, crypt)| *format != Format::Raw || crypt.starts_with("$2"))
            .ok_or_else(|| foreign(text))?;
        let (version, cost, body) = split(crypt).ok_or(Unreadable::Malformed(Flaw::Parts))?;
        let version = parse_version(version)?;
        let cost = parse_cost(cost).ok_or(Unreadable::Malformed(Flaw::Cost))?;
        let (salt, digest) = parse_body(body).map_err(Unreadable::Malformed)?;
        Ok(Self { format, version, cost, salt, digest })
    }

    /// Writes the hash down as the database holds it.
    pub fn encode(&self) -> PasswordHash {
        let prefix = self.format.prefix();
        let version = self.version.letter();
        let mut text = String::with_capacity(80);
        // Writing to a String cannot fail.
        let _ = write!(text, "{prefix}$2{version}${:02}$", self.cost);
        push_base64(&mut text, &self.salt);
        push_base64(&mut text, &self.digest);
        PasswordHash::from_stored(text)
    }
}

/// A new salt from the operating system; `None` when it has none to give.
pub(super) fn random_salt() -> Option<[u8; SALT_LEN]> {
    let mut salt = [0; SALT_LEN];
    SysRng.try_fill_bytes(&mut salt).ok()?;
    Some(salt)
}

/// Names the algorithm of a text that is not bcrypt, by the prefixes of
/// `django/contrib/auth/hashers.py`, `identify_hasher`, and of crypt(3).
fn foreign(text: &str) -> Unreadable {
    const NAMES: [&str; 7] = ["pbkdf2_sha256", "pbkdf2_sha1", "argon2", "scrypt", "sha1", "md5", "crypt"];
    if text.starts_with('!') {
        return Unreadable::Unusable;
    }
    let is_md5 = |hex: &str| hex.len() == 32 && hex.bytes().all(|b| b.is_ascii_hexdigit());
    Unreadable::Unsupported(match text.split_once('$') {
        Some(("sha1", rest)) if rest.starts_with('$') => "unsalted_sha1",
        Some(("md5", rest)) if rest.starts_with('$') => "unsalted_md5",
        Some((name, _)) => NAMES.into_iter().find(|known| *known == name).unwrap_or("unknown"),
        None if is_md5(text) => "unsalted_md5",
        None => "unknown",
    })
}

/// `$version$cost$body` into its parts.
fn split(crypt: &str) -> Option<(&str, &str, &str)> {
    let (version, rest) = crypt.strip_prefix('$')?.split_once('$')?;
    let (cost, body) = rest.split_once('$')?;
    Some((version, cost, body))
}

fn parse_version(version: &str) -> Result<Version, Unreadable> {
    match version {
        "2a" => Ok(Version::A),
        "2b" => Ok(Version::B),
        "2y" => Ok(Version::Y),
        "2x" => Err(Unreadable::Unsupported("bcrypt $2x$")),
        "2" => Err(Unreadable::Unsupported("bcrypt $2$")),
        _ => Err(Unreadable::Malformed(Flaw::Version)),
    }
}

fn parse_cost(digits: &str) -> Option<u32> {
    // Checked first: `parse` would take a sign, or any number of digits.
    let two_digits = digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit());
    let cost = digits.parse().ok().filter(|_| two_digits)?;
    COSTS.contains(&cost).then_some(cost)
}

fn parse_body(body: &str) -> Result<([u8; SALT_LEN], [u8; DIGEST_LEN]), Flaw> {
    if body.len() != BODY_LETTERS {
        return Err(Flaw::Length);
    }
    let halves = body.as_bytes().split_at_checked(SALT_LETTERS);
    let (salt, digest) = halves.ok_or(Flaw::Length)?;
    Ok((parse_base64(salt)?, parse_base64(digest)?))
}

/// Reads as many bytes as fit; the caller has made sure of the length.
fn parse_base64<const N: usize>(letters: &[u8]) -> Result<[u8; N], Flaw> {
    let mut bytes = [0; N];
    let mut slots = bytes.iter_mut();
    let (mut bits, mut held) = (0u32, 0u32);
    for letter in letters {
        let known = (0u32..).zip(LETTERS).find(|(_, known)| *known == letter);
        let (value, _) = known.ok_or(Flaw::Alphabet)?;
        bits = bits << 6 | value;
        held += 6;
        if held >= 8 {
            held -= 8;
            if let (Some(slot), Ok(byte)) = (slots.next(), u8::try_from(bits >> held)) {
                *slot = byte;
            }
            bits &= (1 << held) - 1;
        }
    }
    if bits == 0 { Ok(bytes) } else { Err(Flaw::Padding) }
}

fn push_base64(text: &mut String, bytes: &[u8]) {
    let letter = |bits: u32| LETTERS.get(bits as usize & 63).map(|l| char::from(*l));
    let (mut bits, mut held) = (0u32, 0u32);
    for byte in bytes {
        bits = (bits << 8 | u32::from(*byte)) & 0xffff;
        held += 8;
        while held >= 6 {
            held -= 6;
            text.extend(letter(bits >> held));
        }
    }
    if held > 0 {
        text.extend(letter(bits << (6 - held)));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DIGEST: &str = "abcdefghijklmnopqrstuuyvPXIbu7xe6/CED2DzX8z6Si09MlzlW";

    fn parse(text: &str) -> Result<Encoding, Unreadable> {
        Encoding::parse(&PasswordHash::from_stored(text.to_owned()))
    }

    fn flaw(text: &str) -> Option<Flaw> {
        match parse(text) {
            Err(Unreadable::Malformed(flaw)) => Some(flaw),
            _ => None,
        }
    }

    #[test]
    fn each_format_and_version_is_told_apart() {
        for (prefix, format) in
            [("bcrypt_sha256$", Format::BcryptSha256), ("bcrypt$", Format::Bcrypt), ("", Format::Raw)]
        {
            for (letter, version) in [('a', Version::A), ('b', Version::B), ('y', Version::Y)] {
                let read = parse(&format!("{prefix}$2{letter}$09${DIGEST}")).unwrap();
                assert_eq!((read.format, read.version, read.cost), (format, version, 9));
            }
        }
    }

    /// The salt of jBCrypt's vector `$2a$06$m0CrhHm10qJ3lXRY.5zDGO…`.
    #[test]
    fn the_alphabet_is_that_of_bcrypt() {
        let text = "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe";
        let read = parse(text).unwrap();
        assert_eq!(read.salt[..4], [0xa3, 0x61, 0x2d, 0x8c]);
        assert_eq!(read.digest[..4], [0xe6, 0xd5, 0x38, 0x31]);
        assert_eq!(read.digest[22], 0x38);
    }

    #[test]
    fn other_algorithms_are_named() {
        for (text, name) in [
            ("pbkdf2_sha256$600000$a$b=", "pbkdf2_sha256"),
            ("argon2$argon2id$v=19$m=1,t=2,p=8$a$b", "argon2"),
            ("sha1$a$b", "sha1"),
            ("sha1$$b", "unsalted_sha1"),
            ("md5$a$b", "md5"),
            ("md5$$b", "unsalted_md5"),
            ("0123456789abcdef0123456789abcdef", "unsalted_md5"),
            ("bcrypt$$2x$04$a", "bcrypt $2x$"),
            ("$2x$04$a", "bcrypt $2x$"),
            ("$2$04$a", "bcrypt $2$"),
            ("$6$a$b", "unknown"),
            ("bcrypt", "unknown"),
            ("hunter2", "unknown"),
            ("", "unknown"),
        ] {
            assert_eq!(parse(text), Err(Unreadable::Unsupported(name)), "{text}");
        }
        assert_eq!(parse("!abc"), Err(Unreadable::Unusable));
    }

    #[test]
    fn a_malformed_hash_says_what_is_wrong() {
        for (text, expected) in [
            (format!("bcrypt$2b$04${DIGEST}"), Flaw::Parts),
            ("bcrypt_sha256$$2b$04".into(), Flaw::Parts),
            (format!("bcrypt$$2z$04${DIGEST}"), Flaw::Version),
            (format!("$2bb$04${DIGEST}"), Flaw::Version),
            (format!("$2b$4${DIGEST}"), Flaw::Cost),
            (format!("$2b$004${DIGEST}"), Flaw::Cost),
            (format!("$2b$+4${DIGEST}"), Flaw::Cost),
            (format!("$2b$03${DIGEST}"), Flaw::Cost),
            (format!("$2b$32${DIGEST}"), Flaw::Cost),
            (format!("$2b$04${DIGEST}\n"), Flaw::Length),
            (format!("$2b$04${}", &DIGEST[1..]), Flaw::Length),
            (format!("$2b$04$ß{}", &DIGEST[2..]), Flaw::Alphabet),
            (format!("$2b$04${}", DIGEST.replace('/', "+")), Flaw::Alphabet),
            (format!("$2b$04${}", DIGEST.replace("uu", "uv")), Flaw::Padding),
            (format!("$2b$04${}X", &DIGEST[..52]), Flaw::Padding),
        ] {
            assert_eq!(flaw(&text), Some(expected), "{text}");
        }
    }

    #[test]
    fn debug_shows_neither_salt_nor_digest() {
        let shown = format!("{:?}", parse(&format!("$2b$04${DIGEST}")).unwrap());
        assert_eq!(shown, "Encoding { format: Raw, version: B, cost: 4, .. }");
    }

    #[test]
    fn salts_differ() {
        assert_ne!(random_salt().unwrap(), random_salt().unwrap());
    }

    #[test]
    fn the_sha256_is_written_as_lower_case_hex() {
        let hex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hex_sha256(b"abc").as_str(), hex);
    }

    fn any_encoding() -> impl Strategy<Value = Encoding> {
        let format = prop::sample::select(Format::ALL.to_vec());
        let version = prop::sample::select(vec![Version::A, Version::B, Version::Y]);
        (format, version, COSTS, any::<[u8; SALT_LEN]>(), any::<[u8; DIGEST_LEN]>()).prop_map(
            |(format, version, cost, salt, digest)| Encoding { format, version, cost, salt, digest },
        )
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_parsed_back(encoding in any_encoding()) {
            prop_assert_eq!(Encoding::parse(&encoding.encode()), Ok(encoding));
        }

        #[test]
        fn what_is_parsed_is_encoded_back(
            text in r"(bcrypt_sha256\$|bcrypt\$)?\$2[aby]\$(0[4-9]|1[0-9])\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{30}[.CGKOSWaeimquy26]",
        ) {
            let written = parse(&text).unwrap().encode();
            prop_assert_eq!(written.as_stored(), text);
        }

        #[test]
        fn no_text_panics(text in any::<String>(), tail in r"\PC{0,80}") {
            let _ = parse(&text);
            let _ = parse(&format!("bcrypt_sha256${tail}"));
            let _ = parse(&format!("$2b$12${tail}"));
        }

        #[test]
        fn one_changed_byte_is_refused_or_another_hash(
            encoding in any_encoding(), at in any::<prop::sample::Index>(), by in 0u8..128,
        ) {
            let text = encoding.encode().as_stored().to_owned();
            let mut bytes = text.clone().into_bytes();
            let place = at.index(bytes.len());
            prop_assume!(bytes[place] != by);
            bytes[place] = by;
            prop_assert_ne!(parse(&String::from_utf8(bytes).unwrap()), Ok(encoding));
        }
    }
}
