//! Where settings come from: the file, the environment and the flags, layered over the defaults.
pub(super) mod environment;
pub(super) mod file;
pub(super) mod layers;
pub(super) mod raw;
pub(super) mod source;
