//! Administrators' pages.

mod list;
mod login_help;
mod settings;
mod setup;
mod sign_in;
mod user;
