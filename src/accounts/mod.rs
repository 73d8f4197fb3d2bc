//! What can happen to an account: one file a verb. The only floor that writes. Doors call
//! these functions with values that are already parsed; each answers a small error of its own
//! without a word of HTTP, and writes its audit row in the transaction of its change.

mod activation;
mod actor;
mod admin_session;
mod administrators;
mod ask_letter;
mod authenticate;
mod blacklist;
mod bulk;
mod change_password;
mod confirm_email;
mod create_user;
mod delete_user;
mod edit_user;
mod end_session;
mod explain_login;
mod failures;
mod first_administrator;
mod grant;
mod hidden;
mod housekeeping;
mod invite;
mod keys;
mod leave;
mod log_in;
mod log_out;
mod login_tallies;
mod mail;
mod make_admin;
mod notices;
mod password_policy;
mod refresh;
mod register;
mod reset_password;
mod seal_audit;
mod send_letter;
mod set_password;
mod shown_token;
mod taken;
mod target;
mod undo_email;
mod update_user;
mod verb;
mod verify_token;

pub use activation::{activate, deactivate, deactivate_because};
pub use actor::{Actor, ActorKind};
pub use admin_session::{SignIn, administrator, prove_again, sign_in, sign_out};
pub use administrators::{count_administrators, is_last_administrator};
pub use ask_letter::{MailRequest, RequestMailError, ask_letter, send_asked_letters};
pub use authenticate::{Authenticated, AuthenticationError, authenticate};
pub use blacklist::blacklist;
pub use bulk::{BulkAction, BulkOutcome, SkipReason, change_many};
pub use change_password::{ChangePasswordError, change_password};
pub use confirm_email::{confirm_email, confirm_email_with_key, unconfirm_email};
pub use create_user::{CreateUserError, Draft, NewAccount, Rules, create_user, objections};
pub use delete_user::delete_user;
pub use edit_user::{EditUserError, Edited, Saved, edit_user};
pub use end_session::{OneSession, end_all_sessions, end_session};
pub use explain_login::{LoginExplanation, LoginFinding, explain_login};
pub use first_administrator::{SetupError, create_first_administrator, issue_setup_key, setup_key_is_good};
pub use grant::TokenKinds;
pub use housekeeping::{keep_house, note_seen, sweep_sessions};
pub use invite::{
    AcceptInviteError, InviteError, InvitedMany, accept_invite, invite, invite_many, invited, withdraw_invite,
};
pub use keys::{KeyError, Opened, opened_by};
pub use leave::{LeaveError, leave};
pub use log_in::{Credentials, LogInError, LoggedIn, log_in};
pub use log_out::{Scope, log_out};
pub use login_tallies::tally_logins;
pub use mail::{
    MailError, MailWorker, Retried, TestMailError, drop_mail, retry_all_mails, retry_mail, send_test_mail,
};
pub use make_admin::{make_admin, revoke_admin};
pub use password_policy::{Attribute, PolicyViolation};
pub use refresh::{Refreshed, refresh};
pub use register::{
    Application, RegisterError, Registered, Registration, RegistrationProblem, apply, register,
};
pub use reset_password::{ResetPasswordError, make_reset_key, reset_password};
pub use seal_audit::{keep_sealing, seal_audit};
pub use send_letter::{SendMailError, send_letter};
pub use set_password::{SetPasswordError, set_password, set_password_as_of};
pub use shown_token::PresentedTokenError;
pub use taken::{note_backup, note_export};
pub use target::UserRef;
pub use undo_email::{UndoEmailError, undo_email};
pub use update_user::{UpdateUserError, UserUpdate, update_user};
pub use verb::AccountError;
pub use verify_token::verify_token;
