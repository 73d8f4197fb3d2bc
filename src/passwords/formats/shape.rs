//! What the time of a hash depends on: its format and parameters. `store::tables::users::hash_shapes` lists those of
//! a database, as texts that begin like the hashes and lack salt and digest.

use super::parameters::ForeignParameters;
use super::{argon2, pbkdf2, scrypt, weak};

/// The format and the parameters of stored hashes, without salt and digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HashShape {
    /// PBKDF2, argon2 or scrypt.
    Foreign(ForeignParameters),
    /// bcrypt around a weak digest, by its cost.
    Wrapped(u32),
}

impl HashShape {
    /// Reads a text of `hash_shapes`, such as `pbkdf2_sha256$600000$`, `argon2$argon2id$v=19$m=102400,t=2,p=8$`,
    /// `scrypt$16384$$8$1$` or `doorward_wrap$12`. `None` if hashes like that are unreadable.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let zeros = |digits: usize| "A".repeat(digits);
        let filled = |rest: &str, salt: &str, digits, padding: &str| {
            format!("{rest}{salt}${}{padding}", zeros(digits))
        };
        let hash = if let Some(cost) = text.strip_prefix(weak::WRAP_PREFIX) {
            return cost.parse().ok().map(Self::Wrapped);
        } else if let Some(rest) = text.strip_prefix(pbkdf2::SHA256_PREFIX) {
            pbkdf2::parse_sha256(&filled(rest, "s", 43, "="))
        } else if let Some(rest) = text.strip_prefix(pbkdf2::SHA1_PREFIX) {
            pbkdf2::parse_sha1(&filled(rest, "s", 27, "="))
        } else if let Some(rest) = text.strip_prefix(argon2::PREFIX) {
            argon2::parse(&filled(rest, &zeros(11), 43, ""))
        } else {
            let numbers = text.strip_prefix(scrypt::PREFIX)?.split('$').filter(|number| !number.is_empty());
            let [n, r, p] = numbers.collect::<Vec<_>>()[..] else { return None };
            scrypt::parse(&format!("{n}$s${r}${p}${}==", zeros(86)))
        };
        Some(Self::Foreign(hash.ok()?.parameters))
    }
}

#[cfg(test)]
mod tests {
    use super::super::parameters::Argon2Variety;
    use super::*;

    #[test]
    fn the_parameters_of_each_format_are_read() {
        for (text, shape) in [
            ("pbkdf2_sha256$600000$", "pbkdf2_sha256 c=600000"),
            ("pbkdf2_sha1$1200000$", "pbkdf2_sha1 c=1200000"),
            ("argon2$argon2id$v=19$m=102400,t=2,p=8$", "argon2id m=102400, t=2, p=8"),
            ("argon2$argon2d$m=512,t=2,p=2$", "argon2d m=512, t=2, p=2"),
            ("scrypt$16384$$8$1$", "scrypt N=16384, r=8, p=1"),
            ("scrypt$16384$8$10$", "scrypt N=16384, r=8, p=10"),
        ] {
            match HashShape::parse(text) {
                Some(HashShape::Foreign(found)) => assert_eq!(format!("{} {found}", found.name()), shape),
                other => panic!("{text}: {other:?}"),
            }
        }
        assert_eq!(HashShape::parse("doorward_wrap$12"), Some(HashShape::Wrapped(12)));
    }

    #[test]
    fn an_unreadable_shape_is_none() {
        for text in [
            "",
            "md5$",
            "pbkdf2_sha256$",
            "pbkdf2_sha256$99000000$",
            "argon2$",
            "scrypt$",
            "scrypt$3$$8$1$",
            "doorward_wrap$x",
        ] {
            assert_eq!(HashShape::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_old_version_of_argon2_is_another_shape() {
        let old = HashShape::parse("argon2$argon2i$v=16$m=512,t=2,p=2$");
        let variety = Argon2Variety::I;
        let expected = ForeignParameters::Argon2 { variety, is_v13: false, memory: 512, passes: 2, lanes: 2 };
        assert_eq!(old, Some(HashShape::Foreign(expected)));
    }
}
