//! The DRF contract: one file a verb. Reads requests as Django REST Framework does, calls
//! `accounts`, and dresses every answer as DRF would. Holds no rule about accounts, and
//! writes nothing.

mod account_fields;
pub mod ask_letter;
pub mod body;
pub mod change_password;
pub mod confirm_email;
mod cookies;
pub mod delete_user;
mod error;
mod guard;
pub mod login;
pub mod logout;
pub mod negotiation;
mod origin;
pub mod register;
mod reply;
mod request_body;
pub mod reset_password;
pub mod sessions;
pub mod token;
mod unread;
pub mod user;
pub mod view;

pub use error::ApiError;
pub use guard::CurrentUser;
