//! `/api/token/…`: the four views of Simple JWT (`rest_framework_simplejwt/views.py`), one file each.
//! They are public: no access token is needed.

pub(crate) mod blacklist;
pub(crate) mod introspect;
pub(crate) mod obtain;
mod presented;
pub(crate) mod refresh;
pub(crate) mod verify;

pub(crate) use presented::{PresentedToken, REFRESH};
