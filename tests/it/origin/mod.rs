//! What a browser may do on behalf of which site, under which address, and what caches may keep.

mod cors;
mod headers;
