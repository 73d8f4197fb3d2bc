//! Administrators' pages.

mod audit;
mod chosen;
mod dashboard;
mod invite;
mod list;
mod login_help;
mod mail;
mod sessions;
mod settings;
mod setup;
mod sign_in;
mod user;
