//! The DRF contract: one file a verb. Reads requests as Django REST Framework does, calls
//! `accounts`, and dresses every answer as DRF would. Holds no rule about accounts, and
//! writes nothing.

pub(crate) mod account_fields;
pub(crate) mod change_password;
pub(crate) mod confirm_email;
pub(crate) mod cookies;
pub(crate) mod delete_user;
pub(crate) mod drf;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod origin;
pub(crate) mod register;
pub(crate) mod request_mail;
pub(crate) mod reset_password;
pub(crate) mod sessions;
pub(crate) mod token;
pub(crate) mod user;
