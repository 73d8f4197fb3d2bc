//! What the links in mails open: one file a page. Whoever has the key may do the one thing that it is
//! for. A `GET` shows what would happen and changes nothing, because mail scanners follow links; the
//! button does it. Calls `accounts`, answers HTML, and writes nothing itself.

pub(crate) mod accept_invite;
pub(crate) mod confirm_email;
mod link;
pub(crate) mod reset_password;
pub(crate) mod undo_email;
