//! The dialects: the recorded exchanges of other packages, and what cannot be recorded.

mod dj_rest_auth;
mod djoser;
mod replay;
