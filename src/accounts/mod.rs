//! The use cases: what can happen to an account. The only layer that writes. Handlers call these
//! functions with values that are already parsed; each answers a small error of its own without a
//! word of HTTP, and writes its audit row in the transaction of its change.

mod administration;
mod email;
mod invitations;
mod jobs;
mod login;
mod outbox;
mod password;
mod profile;
mod registration;
mod sessions;
mod shared;

pub use administration::activation::{activate, deactivate, deactivate_because};
pub use administration::administrators::{count_administrators, is_last_administrator};
pub use administration::bulk::{BulkAction, BulkOutcome, SkipReason, change_many};
pub use administration::create_user::{CreateUserError, Draft, NewAccount, Rules, create_user, objections};
pub use administration::delete_user::delete_user;
pub use administration::edit_user::{EditUserError, Edited, Saved, edit_user};
pub use administration::explain_login::{LoginExplanation, LoginFinding, explain_login};
pub use administration::first_administrator::{
    SetupError, create_first_administrator, issue_setup_key, setup_key_is_good,
};
pub use administration::make_admin::{make_admin, revoke_admin};
pub use administration::record_export::{record_backup, record_export};
pub use administration::send_mail::{SendMailError, send_letter};
pub use administration::set_password::{SetPasswordError, set_password, set_password_as_of};
pub use email::confirm_email::{confirm_email, confirm_email_with_key, unconfirm_email};
pub use email::request_mail::{MailRequest, RequestMailError, request_mail, send_requested_mails};
pub use email::undo_email::{UndoEmailError, undo_email};
pub use invitations::invite::{
    AcceptInviteError, InviteError, InvitedMany, accept_invite, invite, invite_many, invited, withdraw_invite,
};
pub use jobs::housekeeping::{record_last_seen, run_housekeeping, sweep_sessions};
pub use jobs::login_tallies::tally_logins;
pub use jobs::seal_audit::{run_audit_sealing, seal_audit};
pub use login::admin_session::{SignIn, administrator, reauthenticate, sign_in, sign_out};
pub use login::log_in::{Credentials, LogInError, LoggedIn, log_in};
pub use login::prepared_session::TokenKinds;
pub use outbox::{
    MailError, MailWorker, Retried, TestMailError, drop_mail, retry_all_mails, retry_mail, send_test_mail,
};
pub use password::change_password::{ChangePasswordError, change_password};
pub use password::policy::{Attribute, PolicyViolation};
pub use password::reset_password::{ResetPasswordError, make_reset_key, reset_password};
pub use profile::delete_own_account::{LeaveError, leave};
pub use profile::update_user::{UpdateUserError, UserUpdate, update_user};
pub use registration::register::{
    Application, RegisterError, Registered, Registration, RegistrationProblem, apply, register,
};
pub use sessions::authenticate::{Authenticated, AuthenticationError, authenticate};
pub use sessions::blacklist::blacklist;
pub use sessions::end_session::{OneSession, end_all_sessions, end_session};
pub use sessions::log_out::{Scope, log_out};
pub use sessions::presented_token::PresentedTokenError;
pub use sessions::refresh::{Refreshed, refresh};
pub use sessions::verify_token::verify_token;
pub use shared::actor::{Actor, ActorKind};
pub use shared::change_user::AccountError;
pub use shared::link_keys::{KeyError, Opened, opened_by};
pub use shared::user_ref::UserRef;
