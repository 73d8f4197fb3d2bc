//! What can happen to an account: one file a verb. The only floor that writes. Doors call
//! these functions with values that are already parsed; each answers a small error of its own
//! without a word of HTTP, and writes its audit row in the transaction of its change.

mod activation;
mod actor;
mod authenticate;
mod confirm_email;
mod create_user;
mod delete_user;
mod first_administrator;
mod grant;
mod log_in;
mod make_admin;
mod password_policy;
mod set_password;
mod verb;

pub use activation::{activate, deactivate};
pub use actor::{Actor, Who};
pub use authenticate::{Authenticated, AuthenticationError, authenticate};
pub use confirm_email::confirm_email;
pub use create_user::{CreateUserError, NewAccount, Rules, create_user};
pub use delete_user::delete_user;
pub use first_administrator::{SetupError, create_first_administrator, issue_setup_key, setup_key_is_good};
pub use grant::Wanted;
pub use log_in::{Credentials, LogInError, LoggedIn, log_in};
pub use make_admin::make_admin;
pub use password_policy::PolicyViolation;
pub use set_password::{SetPasswordError, set_password};
pub use verb::AccountError;
