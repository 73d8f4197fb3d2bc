//! What every page for a browser needs: the page with its headers and errors, forms, lists, exports, the
//! layout, and the browser session. Shared by the handlers that answer HTML; holds no rule about accounts.

mod abbreviate;
mod assets;
mod error;
pub(crate) mod export;
pub(crate) mod filters;
pub(crate) mod flash;
mod form;
pub(crate) mod form_page;
mod language;
pub(crate) mod layout;
mod new_password;
mod origin;
mod page;
pub(crate) mod paging;
pub(crate) mod session;
pub(crate) mod truncate;
mod when;

pub(crate) use abbreviate::{TYPED, abbreviate, beginning, size};
pub(crate) use assets::static_file;
pub(crate) use error::{PageError, Viewer, error_page, errors_for_reader};
pub(crate) use form::PageForm;
pub(crate) use language::{language, remember};
pub(crate) use new_password::{NEW_PASSWORD, PasswordErrors, first_password, new_password};
pub(crate) use origin::refuse_cross_site;
pub(crate) use page::Page;
pub(crate) use when::When;
