//! The pages behind the links in mails, one file a page. The holder of a key may do the one thing that the key is
//! for. `GET` displays what would happen and changes nothing, because mail scanners follow links; the button does
//! it. The pages call `accounts`, answer HTML and write nothing themselves.

pub(crate) mod accept_invite;
pub(crate) mod confirm_email;
pub(crate) mod home;
mod link;
pub(crate) mod not_me;
pub(crate) mod reset_password;
pub(crate) mod undo_email;
