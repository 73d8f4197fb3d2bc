//! The settings, and the set-up list.
mod api_keys;
mod form;
mod help;
mod list;
