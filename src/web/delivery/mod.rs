//! How pages and static files get to a browser: in few bytes, in the chosen theme, and kept by the browser for
//! as long as they are right.

mod assets;
mod compression;
mod minify;
mod pages;
mod preferences;
mod served_file;

pub(crate) use assets::{asset, static_file};
pub(crate) use pages::deliver_pages;
pub(super) use served_file::ServedFile;
