//! The list of users, the page of a user, and the actions on one or many users.
pub(crate) mod account_form;
pub(crate) mod actions;
pub(crate) mod add;
pub(crate) mod deactivate;
pub(crate) mod delete;
pub(crate) mod detail;
pub(crate) mod edit;
pub(crate) mod export;
mod group_field;
mod last_change;
pub(crate) mod list;
pub(crate) mod password;
pub(crate) mod query;
pub(crate) mod reset_link;
pub(crate) mod rights;
pub(crate) mod user_form;
pub(crate) mod user_path;
pub(crate) mod view_account;
