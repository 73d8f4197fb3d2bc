//! The pages behind the links in mails.

mod accept_invite;
mod confirm_email;
mod every_link;
mod home;
mod reset_password;
mod undo_email;
