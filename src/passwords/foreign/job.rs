//! A hash of another server's format to compute, and the channel for its result.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::oneshot;
use zeroize::Zeroizing;

use crate::passwords::error::EngineError;
use crate::passwords::formats::ForeignParameters;
use crate::passwords::task::Requester;
use crate::types::Password;

/// A digest of any length. A secret.
pub(in crate::passwords) type ForeignDigest = Zeroizing<Vec<u8>>;

/// A hash to compute.
#[derive(Clone)]
pub(in crate::passwords) struct ForeignTask {
    /// The algorithm and its work.
    pub(in crate::passwords) parameters: ForeignParameters,
    /// The salt.
    pub(in crate::passwords) salt: Box<[u8]>,
    /// The length of the digest.
    pub(in crate::passwords) digest_len: usize,
    /// The password.
    pub(in crate::passwords) password: Arc<Password>,
    /// The requester, for a fair order.
    pub(in crate::passwords) requester: Requester,
}

impl fmt::Debug for ForeignTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ForeignTask").field("parameters", &self.parameters).finish_non_exhaustive()
    }
}

/// The channel for the result.
pub(super) type ForeignReply = oneshot::Sender<Result<ForeignDigest, EngineError>>;

/// A task with the channel for its result.
pub(super) struct ForeignJob {
    pub(super) task: ForeignTask,
    pub(super) reply: ForeignReply,
    /// When it was requested.
    pub(super) since: Instant,
}
