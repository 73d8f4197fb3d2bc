//! The pages outside the admin, and how all pages are delivered.

mod accept_invite;
mod brand;
mod confirm_email;
mod delivery;
mod every_link;
mod home;
mod reset_password;
mod undo_email;
mod walk;
