//! One hash from its beginning to its end, by the libraries.

use argon2::{Algorithm, Argon2, Params, Version};
use aws_lc_rs::pbkdf2;
use zeroize::Zeroizing;

use super::job::{ForeignDigest, ForeignTask};
use crate::passwords::formats::{Argon2Variety, ForeignParameters};

/// The digest; `None` if the library refuses the parameters, or the machine the memory.
pub(super) fn compute(task: &ForeignTask) -> Option<ForeignDigest> {
    let (password, salt) = (task.password.as_bytes(), &*task.salt);
    let mut digest = Zeroizing::new(vec![0; task.digest_len]);
    match task.parameters {
        ForeignParameters::Pbkdf2Sha256(rounds) => {
            pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, rounds, salt, password, &mut digest);
        }
        ForeignParameters::Pbkdf2Sha1(rounds) => {
            pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA1, rounds, salt, password, &mut digest);
        }
        ForeignParameters::Argon2 { variety, is_v13, memory, passes, lanes } => {
            let algorithm = match variety {
                Argon2Variety::D => Algorithm::Argon2d,
                Argon2Variety::I => Algorithm::Argon2i,
                Argon2Variety::Id => Algorithm::Argon2id,
            };
            let version = if is_v13 { Version::V0x13 } else { Version::V0x10 };
            let params = Params::new(memory, passes, lanes, Some(task.digest_len)).ok()?;
            Argon2::new(algorithm, version, params).hash_password_into(password, salt, &mut digest).ok()?;
        }
        ForeignParameters::Scrypt { log_n, r, p } => {
            let params = scrypt::Params::new(log_n, r, p).ok()?;
            scrypt::scrypt(password, salt, &params, &mut digest).ok()?;
        }
    }
    Some(digest)
}
