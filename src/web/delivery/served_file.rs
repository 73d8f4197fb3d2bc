//! A file as browsers get it: compressed, with an `ETag`, and kept by the browser for as long as it is right.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::brand::content_tag::ContentTag;
use crate::web::delivery::compression;

/// A URL with the hash of the file: what it names never changes (RFC 8246).
const FOREVER: &str = "public, max-age=31536000, immutable";

/// A URL without it, or with that of another version: the browser asks whether its copy is the current one.
pub(super) const ASK: &str = "public, no-cache";

/// A file.
pub(in crate::web) struct ServedFile {
    tag: ContentTag,
    content_type: &'static str,
    plain: web::Bytes,
    /// `None` if it would not be smaller.
    gzip: Option<web::Bytes>,
}

impl ServedFile {
    /// Compresses the file, if it is a text.
    pub(in crate::web) fn new(content_type: &'static str, tag: ContentTag, plain: Vec<u8>) -> Self {
        let is_text = content_type.starts_with("text/") || content_type.starts_with("image/svg+xml");
        let gzip = is_text.then(|| compression::smallest(&plain));
        let gzip = gzip.filter(|gzip| !gzip.is_empty() && gzip.len() < plain.len()).map(Into::into);
        Self { tag, content_type, plain: plain.into(), gzip }
    }

    /// Answers a request for the file, or that the browser has it. `tag` is the hash in the URL, and `policy` the
    /// Content Security Policy: an SVG opened by itself is a document that could run scripts.
    pub(in crate::web) fn respond(
        &self,
        request: &HttpRequest,
        tag: Option<&str>,
        policy: &'static str,
    ) -> HttpResponse {
        let gzip = self.gzip.as_ref().filter(|_| compression::accepts_gzip(request));
        let etag =
            if gzip.is_some() { format!("\"{}-gzip\"", self.tag) } else { format!("\"{}\"", self.tag) };
        let is_exact = tag == Some(self.tag.as_str());
        let is_held = self.is_held(request);
        let mut response = if is_held { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        response
            .insert_header((header::CACHE_CONTROL, if is_exact { FOREVER } else { ASK }))
            .insert_header((header::ETAG, etag))
            .insert_header((header::VARY, "Accept-Encoding"))
            .insert_header((header::CONTENT_SECURITY_POLICY, policy));
        if is_held {
            return response.finish();
        }
        response.content_type(self.content_type);
        match gzip {
            Some(gzip) => response.insert_header((header::CONTENT_ENCODING, "gzip")).body(gzip.clone()),
            None => response.body(self.plain.clone()),
        }
    }

    /// Whether a browser that sent this `If-None-Match` has the file, compressed or not (RFC 9110 §13.1.2).
    fn is_held(&self, request: &HttpRequest) -> bool {
        let held = request.headers().get(header::IF_NONE_MATCH).and_then(|held| held.to_str().ok());
        held.is_some_and(|held| {
            held.split(',').any(|tag| {
                let tag = tag.trim().trim_start_matches("W/").trim_matches('"');
                tag.strip_suffix("-gzip").unwrap_or(tag) == self.tag.as_str()
            })
        })
    }
}
