//! What every page that a person opens is made of: the page with its headers, its errors, the
//! files it links to, and the forms it sends back. Shared by the doors that speak HTML; holds
//! no rule about accounts.

mod assets;
mod error;
mod form;
mod language;
mod new_password;
mod origin;
mod page;
mod short;
mod when;

pub use assets::static_file;
pub use error::{PageError, Viewer, error_page, errors_for_reader};
pub use form::PageForm;
pub use language::{language, remember};
pub use new_password::{NEW_PASSWORD, PasswordErrors, first_password, new_password};
pub use origin::refuse_cross_site;
pub use page::Page;
pub use short::{TYPED, beginning, short, size};
pub use when::When;
