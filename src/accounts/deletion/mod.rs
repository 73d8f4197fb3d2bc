//! The end of an account: requested, perhaps waiting for `account.delete_after`, and final. What is remembered of
//! deleted accounts, so that a restored backup or an import does not bring them back.
pub(super) mod delete_due;
pub(super) mod delete_user;
pub(super) mod forget_accounts;
pub(super) mod request_deletion;
