//! API keys of machines: made and revoked by an administrator or operator, checked with each request.
pub(super) mod authenticate;
pub(super) mod manage;
