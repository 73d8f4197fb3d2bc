//! The DRF contract: one file a verb. Reads requests as Django REST Framework does, calls
//! `accounts`, and dresses every answer as DRF would. Holds no rule about accounts, and
//! writes nothing.

pub mod account_fields;
pub mod change_password;
pub mod confirm_email;
pub mod cookies;
pub mod delete_user;
pub mod drf;
pub mod login;
pub mod logout;
pub mod origin;
pub mod register;
pub mod request_mail;
pub mod reset_password;
pub mod sessions;
pub mod token;
pub mod user;

pub use drf::error::ApiError;
pub use drf::guard::CurrentUser;
