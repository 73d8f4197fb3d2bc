//! A password while it waits to be hashed.

use std::fmt;
use std::sync::Arc;

use super::{bcrypt, bcrypt_sha256};
use crate::passwords::task::Key;
use crate::types::Password;

/// A password while it waits to be hashed: its key in each family of bcrypt, at most 72 bytes each, and itself for
/// all other formats, in one place for all clones. As secret as the password, and wiped with the last clone.
#[derive(Clone)]
pub struct HashInput {
    pub(super) bcrypt_sha256: Key,
    pub(super) bcrypt: Key,
    /// Whether plain bcrypt ignores the end of the password.
    pub(super) is_truncated: bool,
    whole: Arc<Password>,
}

impl HashInput {
    /// The password.
    pub(crate) fn whole(&self) -> &Arc<Password> {
        &self.whole
    }
}

impl From<Password> for HashInput {
    fn from(password: Password) -> Self {
        let bytes = password.as_bytes();
        Self {
            bcrypt_sha256: bcrypt_sha256::key(bytes),
            bcrypt: bcrypt::key(bytes),
            is_truncated: bcrypt::truncates(bytes),
            whole: Arc::new(password),
        }
    }
}

impl fmt::Debug for HashInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HashInput(redacted)")
    }
}
