//! The endpoints of other packages for Django, for front ends that were written for them: each dialect is a table of
//! paths and fields with its own words. What is done is the same as at `/api/…`.

pub(crate) mod dj_rest_auth;
pub(crate) mod djoser;
mod words;
