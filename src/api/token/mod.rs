//! `/api/token/…`: the views of Simple JWT (`rest_framework_simplejwt/views.py`), one file each, and one for the
//! two of sliding tokens.
//! They are public: no access token is needed.

pub(crate) mod blacklist;
pub(crate) mod introspect;
pub(crate) mod obtain;
mod presented;
pub(crate) mod refresh;
pub(crate) mod sliding;
pub(crate) mod verify;

pub(crate) use presented::{PresentedToken, REFRESH};
