//! The pages behind the links in mails.

mod accept_invite;
mod brand;
mod confirm_email;
mod every_link;
mod home;
mod reset_password;
mod undo_email;
mod walk;
