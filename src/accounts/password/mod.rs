//! Changing and resetting a password, and the rules that a new one has to pass.
pub(super) mod change_password;
pub(super) mod disown_sign_in;
pub(super) mod hash_new;
pub(super) mod hash_words;
pub(super) mod policy;
pub(super) mod rehash;
pub(super) mod reset_password;
pub(super) mod wrap_weak;
