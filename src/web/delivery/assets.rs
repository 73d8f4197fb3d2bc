//! The files in `static/`, embedded in the binary and served to pages. A new file needs an entry here.

use std::sync::LazyLock;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::brand::content_tag::ContentTag;
use crate::web::delivery::minify::minified;
use crate::web::delivery::served_file::ServedFile;
use crate::web::error::{Viewer, error_page};

/// An SVG opened by itself is a document that could run scripts.
const POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

struct Asset {
    /// The name without its extension.
    stem: &'static str,
    extension: &'static str,
    text: &'static str,
}

const fn file(stem: &'static str, extension: &'static str, text: &'static str) -> Asset {
    Asset { stem, extension, text }
}

const ASSETS: [Asset; 11] = [
    file("copy", "js", include_str!("../../../static/copy.js")),
    file("doorward", "css", include_str!("../../../static/doorward.css")),
    file("icon", "svg", include_str!("../../../static/icon.svg")),
    file("icons", "svg", include_str!("../../../static/icons.svg")),
    file("list", "js", include_str!("../../../static/list.js")),
    file("live", "js", include_str!("../../../static/live.js")),
    file("menus", "js", include_str!("../../../static/menus.js")),
    file("once", "js", include_str!("../../../static/once.js")),
    file("password", "js", include_str!("../../../static/password.js")),
    file("progress", "js", include_str!("../../../static/progress.js")),
    file("search", "js", include_str!("../../../static/search.js")),
];

/// A file with its names.
struct NamedFile {
    name: String,
    path: String,
    file: ServedFile,
    #[cfg(test)]
    text: String,
}

static SERVED: LazyLock<Vec<NamedFile>> = LazyLock::new(|| ASSETS.iter().map(NamedFile::new).collect());

impl NamedFile {
    fn new(asset: &Asset) -> Self {
        let Asset { stem, extension, text } = asset;
        let (content_type, text) = match *extension {
            "css" => ("text/css; charset=utf-8", minified(text)),
            "js" => ("text/javascript; charset=utf-8", (*text).to_owned()),
            _ => ("image/svg+xml; charset=utf-8", (*text).to_owned()),
        };
        let tag = ContentTag::of(text.as_bytes());
        Self {
            name: format!("{stem}.{extension}"),
            path: format!("/static/{stem}.{tag}.{extension}"),
            #[cfg(test)]
            text: text.clone(),
            file: ServedFile::new(content_type, tag, text.into_bytes()),
        }
    }
}

/// The URL of a file in `static/`, with a hash of its content; empty for a name that is not there.
#[must_use]
pub(crate) fn asset(name: &str) -> &'static str {
    SERVED.iter().find(|asset| asset.name == name).map_or("", |asset| &asset.path)
}

/// The file with this name, with or without a hash, and the hash. An old hash gets the current file: a page of the
/// previous version asks for it while the server is being upgraded.
fn find(name: &str) -> Option<(&'static ServedFile, Option<&str>)> {
    let (plain, tag) = match name.split('.').collect::<Vec<_>>()[..] {
        [stem, tag, extension] if ContentTag::is_tag(tag) => (format!("{stem}.{extension}"), Some(tag)),
        _ => (name.to_owned(), None),
    };
    SERVED.iter().find(|asset| asset.name == plain).map(|asset| (&asset.file, tag))
}

/// `GET /static/{name}`.
pub(crate) async fn static_file(request: HttpRequest, name: web::Path<String>) -> HttpResponse {
    match find(&name) {
        Some((file, tag)) => file.respond(&request, tag, POLICY),
        None => error_page(Viewer::of(&request), StatusCode::NOT_FOUND),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use actix_web::test::TestRequest;

    use super::*;
    use crate::web::delivery::served_file::ASK;

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
            assert_eq!(text, asset.text.as_bytes(), "{}", asset.name);
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
