//! The list of users, one user, what can be done to one or to many.
pub mod account_form;
pub mod actions;
pub mod add;
pub mod bulk_actions;
pub mod current_user_form;
pub mod deactivate;
pub mod delete;
pub mod detail;
pub mod edit;
pub mod export;
pub mod list;
pub mod password;
pub mod query;
pub mod reset_link;
pub mod rights;
pub mod sessions;
