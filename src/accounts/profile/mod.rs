//! What users do to their own account: update it, delete it.
pub(super) mod choose_language;
pub(super) mod delete_own_account;
pub(super) mod saved_views;
pub(super) mod update_user;
