//! Administrators' pages: one file a page. Reads forms, calls `accounts`, answers HTML; holds
//! no rule about accounts, and writes nothing itself. `guard` is the lock of every page but those
//! of signing in and of the first start.

mod account_form;
mod addresses;
mod cookies;
mod figures;
mod flash;
mod form_page;
mod found;
mod guard;
pub mod home;
pub mod invitations;
pub mod invite;
pub mod language;
pub mod login_help;
pub mod mail;
pub mod mail_change;
pub mod mail_preview;
mod mail_query;
mod mail_row;
pub mod mail_test;
pub mod mails;
mod next;
mod plot;
pub mod prove;
pub mod settings;
pub mod setup;
mod shell;
pub mod sign_in;
pub mod user;
pub mod user_add;
pub mod user_deactivate;
pub mod user_delete;
pub mod user_edit;
pub mod user_link;
pub mod user_password;
mod user_query;
pub mod user_rights;
mod user_sessions;
pub mod user_switch;
pub mod users;
pub mod users_chosen;
pub mod users_export;
mod warnings;
