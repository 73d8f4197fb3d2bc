//! How values are written in each language: times, spans, sizes, and names inside a sentence.

mod client;
mod count;
mod isolate;
mod measures;
mod time;

pub(crate) use client::client_in_words;
pub(crate) use count::Count;
pub(crate) use isolate::isolated;
