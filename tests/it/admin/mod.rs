//! The pages for administrators.

mod api_keys;
mod audit;
mod bulk_actions;
mod bulk_undo;
mod deletion;
mod exports;
mod imported;
mod imports;
mod invite;
mod login_help;
mod mail;
mod mail_texts;
mod overview;
mod search;
mod sessions;
mod settings;
mod setup;
mod sign_in;
mod user;
mod users;
