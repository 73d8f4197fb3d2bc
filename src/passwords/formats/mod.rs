//! The formats of stored password hashes, one file a family: reading and writing their text, and the key
//! that a password makes. Nothing here hashes with a cost, or compares.

mod argon2;
mod bcrypt;
mod bcrypt_hash;
mod bcrypt_sha256;
mod foreign;
mod hash_input;
mod parameters;
mod pbkdf2;
mod scrypt;
mod shape;
mod text;
mod unreadable;
mod unsupported;
mod weak;

pub(super) use bcrypt::{COSTS, Version, random_salt};
pub(crate) use bcrypt_hash::{BcryptHash, Format};
pub(crate) use foreign::ForeignHash;
pub(crate) use hash_input::HashInput;
pub(crate) use parameters::{Argon2Variety, ForeignParameters};
pub(crate) use shape::HashShape;
pub(crate) use unreadable::Flaw;
pub use unreadable::Unreadable;
pub(crate) use weak::WeakHash;

use bcrypt::Crypt;
use weak::WRAP_PREFIX;

use crate::types::PasswordHash;

/// A stored hash in its parts.
#[derive(Clone, Debug)]
#[cfg_attr(test, derive(PartialEq, Eq))] // In tests only: `==` does not compare in constant time.
pub enum Encoding {
    /// bcrypt, the family of new hashes.
    Bcrypt(BcryptHash),
    /// PBKDF2, argon2 or scrypt.
    Foreign(ForeignHash),
    /// One round of MD5 or SHA-1.
    Weak(WeakHash),
}

impl Encoding {
    /// Reads a stored hash, by the rules of `django/contrib/auth/hashers.py`, `identify_hasher`. Strict: no text is
    /// read that Django would accept no password for.
    pub fn parse(stored: &PasswordHash) -> Result<Self, Unreadable> {
        let text = stored.as_stored();
        let after = |prefix| text.strip_prefix(prefix);
        if let Some(rest) = after(pbkdf2::SHA256_PREFIX) {
            return pbkdf2::parse_sha256(rest).map(Self::Foreign);
        }
        if let Some(rest) = after(pbkdf2::SHA1_PREFIX) {
            return pbkdf2::parse_sha1(rest).map(Self::Foreign);
        }
        if let Some(rest) = after(argon2::PREFIX) {
            return argon2::parse(rest).map(Self::Foreign);
        }
        if let Some(rest) = after(scrypt::PREFIX) {
            return scrypt::parse(rest).map(Self::Foreign);
        }
        if let Some(rest) = after(weak::SHA1_PREFIX) {
            return weak::parse_sha1(rest).map(Self::Weak);
        }
        if let Some(rest) = after(weak::MD5_PREFIX) {
            return weak::parse_md5(rest).map(Self::Weak);
        }
        if text.len() == BARE_MD5_LEN && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return weak::parse_bare_md5(text).map(Self::Weak);
        }
        let (format, crypt) = split_bcrypt(text)?;
        Ok(Self::Bcrypt(BcryptHash::new(format, Crypt::parse(crypt)?)))
    }

    /// The name of the format for administrators.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Bcrypt(hash) => hash.format.name(),
            Self::Foreign(hash) => hash.parameters.name(),
            Self::Weak(hash) => hash.salted.name(),
        }
    }
}

const BARE_MD5_LEN: usize = 32;

fn split_bcrypt(text: &str) -> Result<(Format, &str), Unreadable> {
    if let Some(rest) = text.strip_prefix(WRAP_PREFIX) {
        let parts = weak::split_wrapped(rest).ok_or(Unreadable::Malformed("doorward_wrap", Flaw::Parts));
        return parts.map(|(inner, crypt)| (Format::Wrapped(inner), crypt));
    }
    for (prefix, format) in [(bcrypt_sha256::PREFIX, Format::BcryptSha256), (bcrypt::PREFIX, Format::Bcrypt)]
    {
        if let Some(crypt) = text.strip_prefix(prefix) {
            return Ok((format, crypt));
        }
    }
    match text {
        raw if raw.starts_with("$2") => Ok((Format::Raw, raw)),
        unusable if unusable.starts_with('!') => Err(Unreadable::Unusable),
        other => Err(Unreadable::Unsupported(unsupported::algorithm(other))),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::task::{DIGEST_LEN, SALT_LEN};
    use super::*;

    const DIGEST: &str = "abcdefghijklmnopqrstuuyvPXIbu7xe6/CED2DzX8z6Si09MlzlW";
    const SHA256: &str = "j3AGT1VV0fKKSbbMVJgoAfS8gpmhAfLagq3D5emsmVk=";
    const SHA512: &str =
        "wYawta3EacezVfoNDlbjKj3lD6XVW/BoPzqBsccgDtvY/95RObumtJ3C+P2HKk9VRLepuyA8W0YB0fUL1bHGFw==";
    const SHA1: &str = "74ac32c3c38ad029b4e9845cdb3d8ddaf69d4f36";
    const MD5: &str = "9c5a7af84b31c29bb3df54fa440d4d4b";

    fn parse(text: &str) -> Result<Encoding, Unreadable> {
        Encoding::parse(&PasswordHash::from_stored(text.to_owned()))
    }

    fn bcrypt_of(text: &str) -> BcryptHash {
        match parse(text) {
            Ok(Encoding::Bcrypt(hash)) => hash,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn each_format_and_version_of_bcrypt_is_recognised() {
        for (prefix, format) in
            [("bcrypt_sha256$", Format::BcryptSha256), ("bcrypt$", Format::Bcrypt), ("", Format::Raw)]
        {
            for (letter, version) in [('a', Version::A), ('b', Version::B), ('y', Version::Y)] {
                let read = bcrypt_of(&format!("{prefix}$2{letter}$09${DIGEST}"));
                assert_eq!((read.format, read.version, read.cost), (format.clone(), version, 9));
            }
        }
    }

    #[test]
    fn each_other_format_is_recognised_with_its_parameters() {
        for (text, name, parameters) in [
            (format!("pbkdf2_sha256$600000$ab${SHA256}"), "pbkdf2_sha256", "c=600000"),
            (format!("pbkdf2_sha256$1$é${SHA256}"), "pbkdf2_sha256", "c=1"),
            ("pbkdf2_sha1$10000000$a$lljVjd2LSGFSnINBc+ShK8qcc/o=".into(), "pbkdf2_sha1", "c=10000000"),
            (
                "argon2$argon2id$v=19$m=102400,t=2,p=8$Nno3Qm1WckI$fL2EjA".into(),
                "argon2id",
                "m=102400, t=2, p=8",
            ),
            ("argon2$argon2i$v=16$m=8,t=1,p=1$Nno3Qm1WckI$fL2EjA".into(), "argon2i", "m=8, t=1, p=1"),
            (
                "argon2$argon2d$m=1048576,t=10,p=16$Nno3Qm1WckI$fL2EjA".into(),
                "argon2d",
                "m=1048576, t=10, p=16",
            ),
            (format!("scrypt$16384$cPK$8$1${SHA512}"), "scrypt", "N=16384, r=8, p=1"),
            (format!("scrypt$131072$cPK$8$10${SHA512}"), "scrypt", "N=131072, r=8, p=10"),
        ] {
            match parse(&text) {
                Ok(Encoding::Foreign(hash)) => {
                    assert_eq!((hash.parameters.name(), &*hash.parameters.to_string()), (name, parameters));
                }
                other => panic!("{text}: {other:?}"),
            }
        }
        for (text, name) in [
            (format!("sha1$salt${SHA1}"), "sha1"),
            (format!("sha1$${SHA1}"), "unsalted_sha1"),
            (format!("md5$salt${MD5}"), "md5"),
            (format!("md5$${MD5}"), "unsalted_md5"),
            (MD5.into(), "unsalted_md5"),
            (format!("doorward_wrap$md5$salt$$2b$04${DIGEST}"), "bcrypt(md5)"),
            (format!("doorward_wrap$sha1$$$2b$04${DIGEST}"), "bcrypt(sha1)"),
        ] {
            assert_eq!(parse(&text).map(|encoding| encoding.name()), Ok(name), "{text}");
        }
    }

    #[test]
    fn an_unsupported_algorithm_is_named() {
        for (text, name) in [
            ("crypt$$27RKLj8qMvaWA", "crypt"),
            ("bcrypt$$2x$04$a", "bcrypt $2x$"),
            ("$2x$04$a", "bcrypt $2x$"),
            ("$2$04$a", "bcrypt $2$"),
            ("$6$a$b", "unknown"),
            ("bcrypt", "unknown"),
            ("pbkdf2_sha512$1$a$b", "unknown"),
            ("hunter2", "unknown"),
            ("", "unknown"),
        ] {
            assert_eq!(parse(text), Err(Unreadable::Unsupported(name)), "{text}");
        }
        assert_eq!(parse("!abc"), Err(Unreadable::Unusable));
    }

    #[test]
    fn a_malformed_bcrypt_hash_is_refused_with_its_flaw() {
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
            (format!("doorward_wrap$md5$salt$2b$04${DIGEST}"), Flaw::Parts),
        ] {
            assert_eq!(parse(&text), Err(Unreadable::Malformed("bcrypt", expected)), "{text}");
        }
        let unknown = Err(Unreadable::Malformed("doorward_wrap", Flaw::Parts));
        assert_eq!(parse(&format!("doorward_wrap$md4$salt$$2b$04${DIGEST}")), unknown);
    }

    #[test]
    fn a_malformed_hash_of_another_format_is_refused_with_its_flaw() {
        let argon2 = |rest: &str| format!("argon2$argon2id$v=19${rest}");
        for (text, format, flaw) in [
            ("pbkdf2_sha256$".into(), "pbkdf2_sha256", Flaw::Parts),
            ("pbkdf2_sha256$600000$salt".into(), "pbkdf2_sha256", Flaw::Parts),
            (format!("pbkdf2_sha256$0$salt${SHA256}"), "pbkdf2_sha256", Flaw::Number),
            (format!("pbkdf2_sha256$06$salt${SHA256}"), "pbkdf2_sha256", Flaw::Number),
            (format!("pbkdf2_sha256$$salt${SHA256}"), "pbkdf2_sha256", Flaw::Number),
            (format!("pbkdf2_sha256$99999999999999999999$salt${SHA256}"), "pbkdf2_sha256", Flaw::Number),
            (format!("pbkdf2_sha256$6$${SHA256}"), "pbkdf2_sha256", Flaw::Salt),
            (format!("pbkdf2_sha256$6$salt${SHA256}="), "pbkdf2_sha256", Flaw::Digest),
            (format!("pbkdf2_sha256$6$salt$x${SHA256}"), "pbkdf2_sha256", Flaw::Digest),
            (format!("pbkdf2_sha1$6$salt${SHA256}"), "pbkdf2_sha1", Flaw::Digest),
            (format!("pbkdf2_sha256$6$salt${}é", &SHA256[2..]), "pbkdf2_sha256", Flaw::Digest),
            ("argon2$".into(), "argon2", Flaw::Parts),
            (argon2("m=8,t=1$Nno3Qm1WckI$fL2EjA"), "argon2", Flaw::Parts),
            (argon2("m=8,t=1,p=1,x=1$Nno3Qm1WckI$fL2EjA"), "argon2", Flaw::Parts),
            (argon2("t=1,m=8,p=1$Nno3Qm1WckI$fL2EjA"), "argon2", Flaw::Parts),
            (argon2("m=8,t=0,p=1$Nno3Qm1WckI$fL2EjA"), "argon2", Flaw::Number),
            (argon2("m=8,t=1,p=2$Nno3Qm1WckI$fL2EjA"), "argon2", Flaw::Number),
            (argon2("m=,t=1,p=1$Nno3Qm1WckI$fL2EjA"), "argon2", Flaw::Number),
            (argon2("m=8,t=1,p=1$$fL2EjA"), "argon2", Flaw::Salt),
            (argon2("m=8,t=1,p=1$Nno3Qm1WckI$"), "argon2", Flaw::Digest),
            (argon2("m=8,t=1,p=1$Nno3Qm1WckI$fL2EjA=="), "argon2", Flaw::Digest),
            ("argon2$argon2x$v=19$m=8,t=1,p=1$Nno3Qm1WckI$fL2EjA".into(), "argon2", Flaw::Version),
            ("argon2$argon2id$v=20$m=8,t=1,p=1$Nno3Qm1WckI$fL2EjA".into(), "argon2", Flaw::Version),
            (format!("scrypt$16384$salt$8${SHA512}"), "scrypt", Flaw::Parts),
            (format!("scrypt$16383$salt$8$1${SHA512}"), "scrypt", Flaw::Number),
            (format!("scrypt$1$salt$8$1${SHA512}"), "scrypt", Flaw::Number),
            (format!("scrypt$16384$salt$0$1${SHA512}"), "scrypt", Flaw::Number),
            (format!("scrypt$16384$salt$8$${SHA512}"), "scrypt", Flaw::Number),
            (format!("scrypt$16384$$8$1${SHA512}"), "scrypt", Flaw::Salt),
            (format!("scrypt$16384$salt$8$1${SHA256}"), "scrypt", Flaw::Digest),
            ("sha1$salt".into(), "sha1", Flaw::Parts),
            (format!("sha1$salt${}", SHA1.to_uppercase()), "sha1", Flaw::Digest),
            ("sha1$$".into(), "unsalted_sha1", Flaw::Digest),
            (format!("md5$salt${SHA1}"), "md5", Flaw::Digest),
            (format!("md5$a$b${MD5}"), "md5", Flaw::Digest),
            (MD5.to_uppercase(), "unsalted_md5", Flaw::Digest),
        ] {
            assert_eq!(parse(&text), Err(Unreadable::Malformed(format, flaw)), "{text}");
        }
    }

    #[test]
    fn a_hash_that_asks_for_too_much_is_refused_with_the_bound() {
        for (text, format, parameter, most) in [
            (format!("pbkdf2_sha256$10000001$salt${SHA256}"), "pbkdf2_sha256", "c", 10_000_000),
            (format!("pbkdf2_sha256$4294967297$salt${SHA256}"), "pbkdf2_sha256", "c", 10_000_000),
            ("argon2$argon2id$v=19$m=1048577,t=2,p=8$Nno3Qm1WckI$fL2EjA".into(), "argon2", "m", 1 << 20),
            ("argon2$argon2id$v=19$m=1024,t=11,p=8$Nno3Qm1WckI$fL2EjA".into(), "argon2", "t", 10),
            ("argon2$argon2id$v=19$m=1024,t=2,p=17$Nno3Qm1WckI$fL2EjA".into(), "argon2", "p", 16),
            // 64 GiB.
            (format!("scrypt$67108864$salt$8$1${SHA512}"), "scrypt", "N", 1 << 17),
            (format!("scrypt$16384$salt$9$1${SHA512}"), "scrypt", "r", 8),
            (format!("scrypt$16384$salt$8$11${SHA512}"), "scrypt", "p", 10),
        ] {
            assert_eq!(parse(&text), Err(Unreadable::Excessive { format, parameter, most }), "{text}");
        }
    }

    #[test]
    fn the_memory_of_a_hash_is_known_before_it_is_computed() {
        let memory = |text: &str| match parse(text) {
            Ok(Encoding::Foreign(hash)) => hash.parameters.memory(),
            other => panic!("{other:?}"),
        };
        assert_eq!(memory("argon2$argon2id$v=19$m=102400,t=2,p=8$Nno3Qm1WckI$fL2EjA"), 100 << 20);
        assert_eq!(memory(&format!("scrypt$16384$salt$8$1${SHA512}")), (16 << 20) + 2048);
        assert_eq!(memory(&format!("pbkdf2_sha256$6$salt${SHA256}")), 0);
    }

    #[test]
    fn debug_shows_neither_salt_nor_digest() {
        for (text, debug) in [
            (
                format!("$2b$04${DIGEST}"),
                "Bcrypt(BcryptHash { format: \"bcrypt\", version: B, cost: 4, .. })",
            ),
            (
                format!("pbkdf2_sha256$6$salt${SHA256}"),
                "Foreign(ForeignHash { parameters: Pbkdf2Sha256(6), .. })",
            ),
            (format!("md5$salt${MD5}"), "Weak(WeakHash { function: Md5, .. })"),
        ] {
            assert_eq!(format!("{:?}", parse(&text).unwrap()), debug);
        }
    }

    fn any_bcrypt() -> impl Strategy<Value = BcryptHash> {
        let wrapped =
            |function, salt: &str| Format::Wrapped(weak::SaltedFunction { function, salt: salt.into() });
        let format = prop::sample::select(vec![
            Format::BcryptSha256,
            Format::Bcrypt,
            Format::Raw,
            wrapped(weak::WeakFunction::Md5, ""),
            wrapped(weak::WeakFunction::Sha1, "sält"),
        ]);
        let version = prop::sample::select(vec![Version::A, Version::B, Version::Y]);
        (format, version, COSTS, any::<[u8; SALT_LEN]>(), any::<[u8; DIGEST_LEN]>()).prop_map(
            |(format, version, cost, salt, digest)| BcryptHash { format, version, cost, salt, digest },
        )
    }

    proptest! {
        #[test]
        fn an_encoded_hash_is_parsed_back(hash in any_bcrypt()) {
            prop_assert_eq!(Encoding::parse(&hash.encode()), Ok(Encoding::Bcrypt(hash)));
        }

        #[test]
        fn a_parsed_hash_is_encoded_back(
            text in r"(bcrypt_sha256\$|bcrypt\$)?\$2[aby]\$(0[4-9]|1[0-9])\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{30}[.CGKOSWaeimquy26]",
        ) {
            let written = bcrypt_of(&text).encode();
            prop_assert_eq!(written.as_stored(), text);
        }

        #[test]
        fn no_text_panics(text in any::<String>(), tail in r"\PC{0,80}", parts in prop::collection::vec(
            prop_oneof![Just(String::new()), r"[0-9]{0,20}", r"\PC{0,50}", Just(SHA256.to_owned())], 0..7,
        )) {
            let _ = parse(&text);
            for prefix in [
                "bcrypt_sha256$", "$2b$12$", "pbkdf2_sha256$", "pbkdf2_sha1$", "argon2$", "argon2$argon2id$v=19$m=",
                "scrypt$", "sha1$", "md5$", "doorward_wrap$", "doorward_wrap$md5$",
            ] {
                let _ = parse(&format!("{prefix}{tail}"));
                let _ = parse(&format!("{prefix}{}", parts.join("$")));
                let _ = HashShape::parse(&format!("{prefix}{tail}"));
            }
        }

        #[test]
        fn a_changed_byte_is_refused_or_makes_another_hash(
            hash in any_bcrypt(), at in any::<prop::sample::Index>(), by in 0u8..128,
        ) {
            let text = hash.encode().as_stored().to_owned();
            let mut bytes = text.clone().into_bytes();
            let place = at.index(bytes.len());
            prop_assume!(bytes[place] != by);
            bytes[place] = by;
            if let Ok(changed) = String::from_utf8(bytes) {
                prop_assert_ne!(parse(&changed), Ok(Encoding::Bcrypt(hash)));
            }
        }
    }
}
