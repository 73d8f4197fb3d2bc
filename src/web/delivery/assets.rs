//! The files in `static/`, embedded in the binary and served to pages. A new file needs an entry here.

use std::sync::LazyLock;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use sha2::{Digest as _, Sha256};

use crate::web::delivery::compression;
use crate::web::delivery::minify::minified;
use crate::web::error::{Viewer, error_page};

/// A URL with the hash of the file: what it names never changes (RFC 8246).
const FOREVER: &str = "public, max-age=31536000, immutable";

/// A URL without it: the browser asks whether its copy is the current one.
const ASK: &str = "public, no-cache";

/// How many bytes of the hash are in a URL, in hexadecimal digits.
const DIGITS: usize = 8;

struct Asset {
    /// The name without its extension.
    stem: &'static str,
    extension: &'static str,
    text: &'static str,
}

const fn file(stem: &'static str, extension: &'static str, text: &'static str) -> Asset {
    Asset { stem, extension, text }
}

const ASSETS: [Asset; 9] = [
    file("copy", "js", include_str!("../../../static/copy.js")),
    file("doorward", "css", include_str!("../../../static/doorward.css")),
    file("icon", "svg", include_str!("../../../static/icon.svg")),
    file("icons", "svg", include_str!("../../../static/icons.svg")),
    file("list", "js", include_str!("../../../static/list.js")),
    file("live", "js", include_str!("../../../static/live.js")),
    file("once", "js", include_str!("../../../static/once.js")),
    file("password", "js", include_str!("../../../static/password.js")),
    file("search", "js", include_str!("../../../static/search.js")),
];

/// A file as it is served.
struct ServedAsset {
    name: String,
    path: String,
    tag: String,
    content_type: &'static str,
    plain: web::Bytes,
    gzip: web::Bytes,
}

static SERVED: LazyLock<Vec<ServedAsset>> = LazyLock::new(|| ASSETS.iter().map(ServedAsset::new).collect());

impl ServedAsset {
    fn new(asset: &Asset) -> Self {
        let Asset { stem, extension, text } = asset;
        let (content_type, text) = match *extension {
            "css" => ("text/css; charset=utf-8", minified(text)),
            "js" => ("text/javascript; charset=utf-8", (*text).to_owned()),
            _ => ("image/svg+xml; charset=utf-8", (*text).to_owned()),
        };
        let tag = hex::encode(Sha256::digest(text.as_bytes()))[..DIGITS].to_owned();
        Self {
            name: format!("{stem}.{extension}"),
            path: format!("/static/{stem}.{tag}.{extension}"),
            tag,
            content_type,
            gzip: compression::smallest(text.as_bytes()).into(),
            plain: text.into(),
        }
    }

    /// Whether a browser that sent this `If-None-Match` has the file, compressed or not (RFC 9110 §13.1.2).
    fn is_held(&self, request: &HttpRequest) -> bool {
        let held = request.headers().get(header::IF_NONE_MATCH).and_then(|held| held.to_str().ok());
        held.is_some_and(|held| {
            held.split(',').any(|tag| {
                let tag = tag.trim().trim_start_matches("W/").trim_matches('"');
                tag.strip_suffix("-gzip").unwrap_or(tag) == self.tag
            })
        })
    }
}

/// The URL of a file in `static/`, with a hash of its content; empty for a name that is not there.
#[must_use]
pub(crate) fn asset(name: &str) -> &'static str {
    SERVED.iter().find(|asset| asset.name == name).map_or("", |asset| &asset.path)
}

/// The file with this name, with or without a hash. An old hash gets the current file: a page of the previous
/// version asks for it while the server is being upgraded.
fn find(name: &str) -> Option<&'static ServedAsset> {
    let plain = match name.split('.').collect::<Vec<_>>()[..] {
        [stem, tag, extension] if is_tag(tag) => format!("{stem}.{extension}"),
        _ => name.to_owned(),
    };
    SERVED.iter().find(|asset| asset.name == plain)
}

fn is_tag(text: &str) -> bool {
    text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// `GET /static/{name}`.
pub(crate) async fn static_file(request: HttpRequest, name: web::Path<String>) -> HttpResponse {
    let Some(asset) = find(&name) else {
        return error_page(Viewer::of(&request), StatusCode::NOT_FOUND);
    };
    let is_exact = asset.path.strip_prefix("/static/").is_some_and(|path| path == *name);
    let is_gzip = compression::accepts_gzip(&request);
    let tag = if is_gzip { format!("\"{}-gzip\"", asset.tag) } else { format!("\"{}\"", asset.tag) };
    let is_held = asset.is_held(&request);
    let mut response = if is_held { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header((header::CACHE_CONTROL, if is_exact { FOREVER } else { ASK }))
        .insert_header((header::ETAG, tag))
        .insert_header((header::VARY, "Accept-Encoding"))
        // An SVG opened by itself is a document that could run scripts.
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"));
    if is_held {
        return response.finish();
    }
    response.content_type(asset.content_type);
    if is_gzip {
        response.insert_header((header::CONTENT_ENCODING, "gzip"));
        return response.body(asset.gzip.clone());
    }
    response.body(asset.plain.clone())
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use actix_web::test::TestRequest;

    use super::*;

    async fn get_with(name: &str, headers: &[(&'static str, &str)]) -> HttpResponse {
        let mut request = TestRequest::default();
        for header in headers {
            request = request.insert_header(*header);
        }
        static_file(request.to_http_request(), web::Path::from(name.to_owned())).await
    }

    async fn get(name: &str) -> HttpResponse {
        get_with(name, &[]).await
    }

    fn header_of<'a>(response: &'a HttpResponse, name: &str) -> &'a str {
        response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The name in the URL that pages use.
    fn hashed(name: &str) -> &'static str {
        asset(name).strip_prefix("/static/").unwrap()
    }

    #[actix_web::test]
    async fn every_file_in_the_folder_is_served_and_no_other() {
        for entry in std::fs::read_dir("static").unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            assert_eq!(get(&name).await.status(), StatusCode::OK, "{name}");
            assert_eq!(get(hashed(&name)).await.status(), StatusCode::OK, "{name}");
        }
        for name in ["", "..", "doorward.css/", "../Cargo.toml", "DOORWARD.CSS", "doorward.x.css"] {
            assert_eq!(get(name).await.status(), StatusCode::NOT_FOUND, "{name}");
        }
    }

    #[actix_web::test]
    async fn a_url_with_the_hash_is_stored_for_a_year_and_any_other_is_asked_for_again() {
        let response = get(hashed("icon.svg")).await;
        assert_eq!(header_of(&response, "Content-Type"), "image/svg+xml; charset=utf-8");
        assert!(header_of(&response, "Cache-Control").ends_with("immutable"));
        for name in ["icon.svg", "icon.01234567.svg"] {
            let response = get(name).await;
            assert_eq!(
                (response.status(), header_of(&response, "Cache-Control")),
                (StatusCode::OK, ASK),
                "{name}"
            );
        }
    }

    #[actix_web::test]
    async fn a_file_that_the_browser_has_is_not_sent_again() {
        for encoding in ["gzip", "identity"] {
            let first = get_with("doorward.css", &[("Accept-Encoding", encoding)]).await;
            let tag = header_of(&first, "ETag").to_owned();
            let second = get_with("doorward.css", &[("If-None-Match", &format!("\"x\", W/{tag}"))]).await;
            assert_eq!(second.status(), StatusCode::NOT_MODIFIED, "{tag}");
            assert!(actix_web::body::to_bytes(second.into_body()).await.unwrap().is_empty());
        }
        let other = get_with("doorward.css", &[("If-None-Match", "\"x\"")]).await;
        assert_eq!(other.status(), StatusCode::OK);
    }

    #[actix_web::test]
    async fn a_compressed_file_is_the_same_file() {
        for asset in SERVED.iter() {
            let response = get_with(&asset.name, &[("Accept-Encoding", "gzip, br")]).await;
            assert_eq!(header_of(&response, "Content-Encoding"), "gzip");
            let body = actix_web::body::to_bytes(response.into_body()).await.unwrap();
            let mut text = Vec::new();
            flate2::read::GzDecoder::new(&body[..]).read_to_end(&mut text).unwrap();
            assert_eq!(text, asset.plain, "{}", asset.name);
            assert!(body.len() < text.len(), "{}", asset.name);
        }
        assert_eq!(header_of(&get("doorward.css").await, "Content-Encoding"), "");
    }

    #[test]
    fn no_file_loads_anything_from_another_server() {
        for asset in ASSETS {
            let links = asset.text.replace("http://www.w3.org/2000/svg", "");
            assert!(!links.contains("://") && !links.contains("@import"), "{}", asset.stem);
        }
    }

    #[test]
    fn every_file_that_a_template_names_is_there() {
        let mut named = 0;
        let mut folders = vec![std::path::PathBuf::from("templates")];
        while let Some(folder) = folders.pop() {
            for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                for part in std::fs::read_to_string(&path).unwrap().split("asset(\"").skip(1) {
                    let name = part.split('"').next().unwrap();
                    assert!(!asset(name).is_empty(), "{}: {name}", path.display());
                    named += 1;
                }
            }
        }
        assert!(named > 5);
    }
}
