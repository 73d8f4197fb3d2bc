//! What can happen to an account: one file a verb. The only floor that writes. Doors call
//! these functions with values that are already parsed; each answers a small error of its own
//! without a word of HTTP, and writes its audit row in the transaction of its change.

mod activation;
mod actor;
mod authenticate;
mod blacklist;
mod confirm_email;
mod create_user;
mod delete_user;
mod end_session;
mod failures;
mod first_administrator;
mod grant;
mod housekeeping;
mod log_in;
mod log_out;
mod mail;
mod make_admin;
mod password_policy;
mod refresh;
mod set_password;
mod shown_token;
mod verb;
mod verify_token;

pub use activation::{activate, deactivate};
pub use actor::{Actor, Who};
pub use authenticate::{Authenticated, AuthenticationError, authenticate};
pub use blacklist::blacklist;
pub use confirm_email::confirm_email;
pub use create_user::{CreateUserError, NewAccount, Rules, create_user};
pub use delete_user::delete_user;
pub use end_session::end_session;
pub use first_administrator::{SetupError, create_first_administrator, issue_setup_key, setup_key_is_good};
pub use grant::Wanted;
pub use housekeeping::{keep_house, note_seen, sweep_sessions};
pub use log_in::{Credentials, LogInError, LoggedIn, log_in};
pub use log_out::{Scope, log_out};
pub use mail::{MailError, MailWorker, Retried, drop_mail, retry_all_mails, retry_mail};
pub use make_admin::make_admin;
pub use password_policy::PolicyViolation;
pub use refresh::{Refreshed, refresh};
pub use set_password::{SetPasswordError, set_password};
pub use shown_token::ShownTokenError;
pub use verb::AccountError;
pub use verify_token::verify_token;
