//! The pages for administrators: a folder for each part of the navigation. They read forms, call `accounts` and
//! answer HTML; they have no rules about accounts and write nothing themselves. The guards of [`session`] protect
//! every page but the sign-in and the setup page.

pub(crate) mod account;
pub(crate) mod api_keys;
pub(crate) mod audit;
pub(crate) mod bulk;
pub(crate) mod flash;
pub(crate) mod groups;
pub(crate) mod imports;
pub(crate) mod invitations;
pub(crate) mod language;
pub(crate) mod login_help;
mod login_panel;
pub(crate) mod mail;
mod navigation;
pub(crate) mod overview;
pub(crate) mod search;
pub(crate) mod session;
pub(crate) mod settings;
pub(crate) mod setup;
pub(crate) mod time_zone;
pub(crate) mod users;
