//! What the links in mails open, as a browser and a mail scanner use it.

mod accept_invite;
mod confirm_email;
mod every_link;
mod reset_password;
mod undo_email;
