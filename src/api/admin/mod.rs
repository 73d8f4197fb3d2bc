//! `/api/admin/…`: what administrators do in the admin, for machines with an API key, in DRF's dialect. The use cases,
//! their rules and their audit entries are those of the admin.

pub(crate) mod audit;
mod cursor;
pub(crate) mod error;
mod query;
pub(crate) mod user;
pub(crate) mod user_actions;
mod user_fields;
pub(crate) mod users;

pub(crate) use user_fields::{CREATE, PATCH};
