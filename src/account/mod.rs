//! The pages of users about their own account, and the ways there: signing in and out, registering, a forgotten
//! password. They form one area with a session of its own; `account.pages` turns them off.

pub(crate) mod activity;
pub(crate) mod area;
pub(crate) mod change_email;
pub(crate) mod change_name;
pub(crate) mod data;
pub(crate) mod forgot_password;
mod form;
pub(crate) mod language;
mod navigation;
mod notice;
mod open_page;
pub(crate) mod profile;
pub(crate) mod security;
pub(crate) mod sessions;
pub(crate) mod sign_in;
mod sign_in_page;
pub(crate) mod sign_up;
