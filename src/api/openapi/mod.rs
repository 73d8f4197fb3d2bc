//! The API describes itself: `/api/schema/` answers an OpenAPI document, and `/api/docs/` is a page for people. Both are
//! made of the declared endpoints and of the [`Description`](description::Description) of each operation.

mod answers;
pub(crate) mod description;
mod document;
mod examples;
mod names;
mod page;
mod schemas;
mod serve;
mod yaml;

pub(crate) use serve::configure;
