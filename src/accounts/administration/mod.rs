//! What administrators and operators do to accounts: create, edit, activate, delete, one or many.
pub(super) mod activation;
pub(super) mod admin_right;
pub(super) mod change_settings;
pub(super) mod create_user;
pub(super) mod deactivation;
pub(super) mod dismiss_step;
pub(super) mod edit_user;
pub(super) mod explain_login;
pub(super) mod export_key;
pub(super) mod export_user;
pub(super) mod first_administrator;
mod login_limits;
pub(super) mod record_export;
pub(super) mod send_mail;
pub(super) mod served_origin;
pub(super) mod set_password;
pub(super) mod unblock;
pub(super) mod view_account;
