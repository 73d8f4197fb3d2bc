//! `/api/token/…`: the four views of Simple JWT (`rest_framework_simplejwt/views.py`), one file each.
//! None of them looks at an access token.

pub mod blacklist;
mod metadata;
pub mod obtain;
mod presented;
pub mod refresh;
pub mod verify;

pub use metadata::options;
