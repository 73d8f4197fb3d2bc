//! What every page for a browser needs: the page with its headers and errors, forms, lists, exports, the
//! layout, and the browser session. Shared by the handlers that answer HTML; holds no rule about accounts.

mod abbreviate;
mod assets;
mod error;
pub mod export;
pub mod filters;
pub mod flash;
mod form;
pub mod form_page;
mod language;
pub mod layout;
mod new_password;
mod origin;
mod page;
pub mod paging;
pub mod session;
pub mod truncate;
mod when;

pub use abbreviate::{TYPED, abbreviate, beginning, size};
pub use assets::static_file;
pub use error::{PageError, Viewer, error_page, errors_for_reader};
pub use form::PageForm;
pub use language::{language, remember};
pub use new_password::{NEW_PASSWORD, PasswordErrors, first_password, new_password};
pub use origin::refuse_cross_site;
pub use page::Page;
pub use when::When;
