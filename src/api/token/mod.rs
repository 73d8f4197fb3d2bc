//! `/api/token/…`: the four views of Simple JWT (`rest_framework_simplejwt/views.py`), one file each.
//! None of them looks at an access token.

pub(crate) mod blacklist;
mod metadata;
pub(crate) mod obtain;
mod presented;
pub(crate) mod refresh;
pub(crate) mod verify;

pub(crate) use metadata::options;
