//! The formats of stored password hashes, one file a family: reading and writing their text, and the key
//! that a password makes. Nothing here hashes or compares.

mod bcrypt;
mod bcrypt_sha256;
mod unsupported;

use std::fmt;

pub(crate) use bcrypt::Flaw;
pub(super) use bcrypt::{COSTS, Version, random_salt};

use super::task::{DIGEST_LEN, Key, SALT_LEN};
use crate::types::{Password, PasswordHash};
use bcrypt::{Crypt, CryptError};

/// A supported format: how a password becomes a key, and how the hash is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `bcrypt_sha256$$2b$12$…`: bcrypt over the SHA-256 of the password.
    BcryptSha256,
    /// `bcrypt$$2b$12$…`: bcrypt over the password, of which only the first 72 bytes count.
    Bcrypt,
    /// `$2b$12$…`: bcrypt without a prefix, as software other than Django writes it.
    Raw,
}

impl Format {
    const ALL: [Self; 3] = [Self::BcryptSha256, Self::Bcrypt, Self::Raw];

    /// The name for administrators.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::BcryptSha256 => "bcrypt_sha256",
            Self::Bcrypt | Self::Raw => "bcrypt",
        }
    }

    const fn prefix(self) -> &'static str {
        match self {
            Self::BcryptSha256 => bcrypt_sha256::PREFIX,
            Self::Bcrypt => bcrypt::PREFIX,
            Self::Raw => "",
        }
    }

    /// The key that the password makes in this format.
    pub(super) fn key(self, input: &HashInput) -> Key {
        match self {
            Self::BcryptSha256 => input.bcrypt_sha256.clone(),
            Self::Bcrypt | Self::Raw => input.bcrypt.clone(),
        }
    }

    /// Whether a hash of this format depends on the whole password.
    pub(super) const fn covers(self, input: &HashInput) -> bool {
        matches!(self, Self::BcryptSha256) || !input.is_truncated
    }
}

/// A password while it waits to be hashed: its key in each family, at most 72 bytes each, however long the
/// password was. As secret as the password.
#[derive(Clone)]
pub struct HashInput {
    bcrypt_sha256: Key,
    bcrypt: Key,
    /// Whether plain bcrypt ignores the end of the password.
    is_truncated: bool,
}

impl From<Password> for HashInput {
    fn from(password: Password) -> Self {
        let bytes = password.as_bytes();
        Self {
            bcrypt_sha256: bcrypt_sha256::key(bytes),
            bcrypt: bcrypt::key(bytes),
            is_truncated: bcrypt::truncates(bytes),
        }
    }
}

impl fmt::Debug for HashInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HashInput(redacted)")
    }
}

/// Why a password cannot be checked against a stored text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Django's `set_unusable_password`: the account has no password.
    #[error("the account has no usable password")]
    Unusable,
    /// Another algorithm, by its name.
    #[error("the algorithm {0} is not supported")]
    Unsupported(&'static str),
    /// Begins like bcrypt, but is not written as bcrypt.
    #[error("the bcrypt hash is malformed: {0}")]
    Malformed(Flaw),
}

impl From<CryptError> for Unreadable {
    fn from(error: CryptError) -> Self {
        match error {
            CryptError::Unsupported(version) => Self::Unsupported(version),
            CryptError::Malformed(flaw) => Self::Malformed(flaw),
        }
    }
}

/// A stored hash in its parts.
#[derive(Clone)]
#[cfg_attr(test, derive(PartialEq, Eq))] // In tests only: `==` does not compare in constant time.
pub struct Encoding {
    /// The format.
    pub format: Format,
    /// The version of bcrypt.
    pub version: Version,
    /// The binary logarithm of the number of rounds, from 4 to 31.
    pub cost: u32,
    /// The salt.
    pub salt: [u8; SALT_LEN],
    /// The digest. A secret: compare it in constant time only.
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
    /// Reads a stored hash. Strict: [`Encoding::encode`] writes every accepted text back, letter for letter.
    pub fn parse(stored: &PasswordHash) -> Result<Self, Unreadable> {
        let text = stored.as_stored();
        let (format, crypt) = Format::ALL
            .into_iter()
            .find_map(|format| Some((format, text.strip_prefix(format.prefix())?)))
            .filter(|(format, crypt)| *format != Format::Raw || crypt.starts_with("$2"))
            .ok_or_else(|| unreadable(text))?;
        let Crypt { version, cost, salt, digest } = Crypt::parse(crypt)?;
        Ok(Self { format, version, cost, salt, digest })
    }

    /// The text for the database.
    pub fn encode(&self) -> PasswordHash {
        let Self { format, version, cost, salt, digest } = *self;
        let mut text = String::with_capacity(80);
        text.push_str(format.prefix());
        Crypt { version, cost, salt, digest }.append_to(&mut text);
        PasswordHash::from_stored(text)
    }
}

fn unreadable(text: &str) -> Unreadable {
    match text.starts_with('!') {
        true => Unreadable::Unusable,
        false => Unreadable::Unsupported(unsupported::algorithm(text)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::task::{DIGEST_LEN, SALT_LEN};
    use super::bcrypt::{COSTS, Version};
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
    fn each_format_and_version_is_recognised() {
        for (prefix, format) in
            [("bcrypt_sha256$", Format::BcryptSha256), ("bcrypt$", Format::Bcrypt), ("", Format::Raw)]
        {
            for (letter, version) in [('a', Version::A), ('b', Version::B), ('y', Version::Y)] {
                let read = parse(&format!("{prefix}$2{letter}$09${DIGEST}")).unwrap();
                assert_eq!((read.format, read.version, read.cost), (format, version, 9));
            }
        }
    }

    #[test]
    fn an_unsupported_algorithm_is_named() {
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
    fn a_malformed_hash_is_refused_with_its_flaw() {
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

    fn any_encoding() -> impl Strategy<Value = Encoding> {
        let format = prop::sample::select(Format::ALL.to_vec());
        let version = prop::sample::select(vec![Version::A, Version::B, Version::Y]);
        (format, version, COSTS, any::<[u8; SALT_LEN]>(), any::<[u8; DIGEST_LEN]>()).prop_map(
            |(format, version, cost, salt, digest)| Encoding { format, version, cost, salt, digest },
        )
    }

    proptest! {
        #[test]
        fn an_encoded_hash_is_parsed_back(encoding in any_encoding()) {
            prop_assert_eq!(Encoding::parse(&encoding.encode()), Ok(encoding));
        }

        #[test]
        fn a_parsed_hash_is_encoded_back(
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
        fn a_changed_byte_is_refused_or_makes_another_hash(
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
