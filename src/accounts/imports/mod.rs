//! Moving users in from another login server: a Django's database, or a file. `source` reads it, `propose` makes the
//! mapping, `run` writes.

pub(super) mod counts;
pub(super) mod duplicates;
pub(super) mod error;
pub(super) mod inspect;
pub(super) mod last_mapping;
pub(super) mod mapping;
pub(super) mod mapping_text;
pub(super) mod options;
pub(super) mod origin_rows;
pub(super) mod propose;
pub(super) mod run;
pub(super) mod source;
pub(super) mod user_row;

mod batch;
mod batch_outcome;
mod changes;
mod reader;
mod rehearsal;
mod tokens;
mod values;
