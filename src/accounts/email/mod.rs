//! Confirming an email address, undoing its change, and requesting a mail about it.
pub(super) mod confirm_email;
pub(super) mod request_mail;
pub(super) mod undo_email;
