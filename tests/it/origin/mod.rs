//! What a browser may do on behalf of which site, under which address, and what caches may keep.

mod address;
mod cors;
mod headers;
mod link;
mod policy;
