//! The use cases: what can happen to an account. The only layer that writes. Handlers call these functions
//! with parsed values. Each use case has an error type of its own that knows nothing of HTTP, and writes its
//! audit entry in the transaction of its change.

mod administration;
mod api_keys;
mod bulk;
mod deletion;
mod email;
mod imports;
mod invitations;
mod jobs;
mod keys;
mod login;
mod outbox;
mod password;
mod profile;
mod registration;
mod sessions;
mod shared;

pub use administration::activation::{activate, deactivate};
pub use administration::admin_right::{make_admin, revoke_admin};
pub(crate) use administration::change_groups::{GroupChange, change_groups, delete_group};
pub(crate) use administration::change_settings::{
    ChangeSettingsError, ChangedSettings, SettingChange, change_settings, clear_settings,
};
pub(crate) use administration::create_user::create_user_in_groups;
pub(crate) use administration::create_user::{CreateUserError, find_create_errors};
pub use administration::create_user::{NewAccount, create_user};
pub(crate) use administration::deactivation::Deactivation;
pub(crate) use administration::dismiss_step::dismiss_step;
pub(crate) use administration::edit_user::edit_user;
pub(crate) use administration::explain_login::{LoginExplanation, LoginFinding, explain_login};
pub(crate) use administration::export_key::export_signing_key;
pub(crate) use administration::export_user::export_user;
pub use administration::first_administrator::issue_setup_key;
pub(crate) use administration::first_administrator::{
    SetupError, create_first_administrator, is_setup_key_valid,
};
pub(crate) use administration::patch_user::{PatchUserError, UserPatch, patch_user};
pub use administration::record_export::record_backup;
pub(crate) use administration::record_export::record_export;
pub(crate) use administration::send_mail::{SendMailError, send_mail};
pub(crate) use administration::served_origin::{LinkOrigin, link_origin, store_served_origin};
pub(crate) use administration::set_password::SetPasswordError;
pub use administration::set_password::set_password;
pub(crate) use administration::set_password::set_password_with;
pub use administration::unblock::unblock;
pub(crate) use administration::view_account::{begin_view, end_view, viewed_user};
pub(crate) use api_keys::authenticate::{ApiKeyError, ApiKeyRefusal, authenticate_api_key};
pub use api_keys::manage::{CreateApiKeyError, NewApiKey, RevokeApiKeyError, create_api_key, revoke_api_key};
pub(crate) use bulk::action::BulkAction;
pub(crate) use bulk::start::{BulkOrder, start_bulk};
pub(crate) use bulk::undo::{UndoBulkError, stop_bulk, undo_bulk, undoable_until};
pub use deletion::delete_due::delete_due_accounts;
pub use deletion::delete_user::delete_user;
pub(crate) use deletion::delete_user::delete_user_with;
pub use deletion::forget_accounts::{forget_accounts, when_deleted};
pub(crate) use deletion::request_deletion::request_deletion_with;
pub use deletion::request_deletion::{RequestedDeletion, cancel_deletion, request_deletion};
pub use email::confirm_email::confirm_email;
pub(crate) use email::confirm_email::{claim_account, confirm_email_with_key, unconfirm_email};
pub use email::request_mail::send_requested_mails;
pub(crate) use email::request_mail::{MailRequest, RequestMailError, request_mail};
pub(crate) use email::undo_email::{UndoEmailError, undo_email};
pub(crate) use imports::duplicates::DUPLICATE_EMAIL;
pub(crate) use imports::error::ImportError;
pub use imports::inspect::inspect_file;
pub(crate) use imports::last_mapping::last_mapping;
pub(crate) use imports::mapping::{ConfirmedBy, KeyKind, Mapping, UserMapping};
pub(crate) use imports::mapping_text::to_toml as mapping_to_toml;
pub(crate) use imports::options::{ImportOptions, OnDuplicate};
pub(crate) use imports::origin_rows::SourceView;
pub(crate) use imports::propose::{Proposal, propose as propose_mapping};
pub(crate) use imports::run::{ImportOrder, ImportSummary, run_import};
pub(crate) use imports::source::{UserSource, label as source_label, open as open_source};
pub(crate) use imports::user_row::EMAILS;
pub(crate) use invitations::invite::InviteError;
pub use invitations::invite::invite;
pub(crate) use invitations::invite::{
    AcceptInviteError, accept_invite, invite_many, invited_email, language_of_invite, make_invite_key,
    withdraw_invite,
};
pub(crate) use jobs::correct_moments::clock_was_ahead;
pub use jobs::correct_moments::{LinkKeys, correct_moments};
pub(crate) use jobs::housekeeping::run_housekeeping;
pub use jobs::housekeeping::{record_last_seen, sweep_sessions};
pub use jobs::login_tallies::tally_logins;
pub(crate) use jobs::seal_audit::run_audit_sealing;
pub use jobs::seal_audit::seal_audit;
pub use jobs::sweep_unconfirmed::sweep_unconfirmed;
pub use jobs::trim_audit::trim_audit;
pub(crate) use jobs::watch_limits::{StoppedClients, count_stopped};
pub use keys::advance::advance_keys;
pub(crate) use keys::error::ChangeKeysError;
pub(crate) use keys::manage::import_key;
pub use keys::manage::{KeyStart, RevokedKey, revoke_key, rotate_keys};
pub use keys::prepare::prepare_keys;
pub(crate) use login::admin_session::{
    SignIn, administrator, is_administrator, reauthenticate_administrator, sign_in, sign_out,
};
pub(crate) use login::browser_session::{
    browser_session, log_in_browser, log_out_browser, reauthenticate_browser,
};
pub(crate) use login::log_in::{Credentials, LogInError, LoggedIn, LoginOutcome, log_in};
pub(crate) use login::prepared_session::TokenKinds;
pub(crate) use outbox::{
    CurrentMailText, MailTextError, TestMailError, can_be_sent, current_mail_text, edit_mail_text,
    edited_words, reset_mail_text, send_test_mail,
};
pub use outbox::{MailError, Retried, drop_mail, retry_all_mails, retry_mail, run_mail_worker, tidy_outbox};
pub(crate) use password::change_password::{ChangePasswordError, change_password};
pub(crate) use password::disown_sign_in::disown_sign_in;
pub use password::hash_new::Rules;
pub(crate) use password::hash_words::{hash_in_words, unreadable_hash};
pub(crate) use password::policy::{Attribute, PolicyViolation, WeakPassword};
pub(crate) use password::reset_password::{ResetPasswordError, make_reset_key, reset_password};
pub use password::wrap_weak::wrap_weak_hashes;
pub(crate) use profile::choose_language::choose_language;
pub(crate) use profile::delete_own_account::{DeleteOwnAccountError, delete_own_account};
pub(crate) use profile::saved_views::{SaveViewError, delete_view, save_view};
pub(crate) use profile::update_user::UpdateUserError;
pub(crate) use profile::update_user::rename_user;
pub use profile::update_user::update_user;
pub(crate) use registration::register::{
    Registered, Registration, RegistrationDraft, check_registration, register,
};
pub(crate) use registration::register_error::{RegisterError, RegistrationProblem};
pub(crate) use sessions::authenticate::{Authenticated, AuthenticationError, authenticate, has_live_session};
pub(crate) use sessions::blacklist::blacklist;
pub(crate) use sessions::end_session::{OneSession, end_all_sessions, end_other_sessions, end_session};
pub(crate) use sessions::introspect::{AskedTokens, introspect};
pub(crate) use sessions::log_out::{Scope, log_out, log_out_with_expired};
pub(crate) use sessions::presented_token::PresentedTokenError;
pub(crate) use sessions::refresh::{Refreshed, refresh, refresh_sliding};
pub(crate) use sessions::verify_token::verify_token;
pub(crate) use shared::account_error::AccountError;
pub use shared::actor::{Actor, ActorKind};
pub(crate) use shared::administrators::{count_administrators, is_last_administrator};
pub(crate) use shared::eligibility::SkipReason;
pub(crate) use shared::link_keys::{KeyError, LinkOfUserError, ValidLink, find_key_of_user, find_valid_link};
pub(crate) use shared::notices::UserNotice;
pub(crate) use shared::own_session::OwnSession;
pub(crate) use shared::update_profile::{UpdateProfileError, UpdatedUser};
pub(crate) use shared::user_ref::UserRef;

pub use crate::store::tables::users::UserUpdate;
