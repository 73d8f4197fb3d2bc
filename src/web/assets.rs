//! The files in `static/`, embedded in the binary and served to pages. A new file needs an entry here.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};

use crate::web::error::{Viewer, error_page};

/// Pages link to a file with [`CONTENT_TAG`] in the query, so an upgrade is not served an old file.
const CACHING: &str = "public, max-age=86400";

struct Asset {
    name: &'static str,
    content_type: &'static str,
    bytes: &'static [u8],
}

const ASSETS: [Asset; 7] = [
    Asset {
        name: "copy.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../static/copy.js"),
    },
    Asset {
        name: "doorward.css",
        content_type: "text/css; charset=utf-8",
        bytes: include_bytes!("../../static/doorward.css"),
    },
    Asset {
        name: "once.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../static/once.js"),
    },
    Asset {
        name: "password.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../static/password.js"),
    },
    Asset {
        name: "list.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../static/list.js"),
    },
    Asset {
        name: "search.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../static/search.js"),
    },
    Asset {
        name: "icon.svg",
        content_type: "image/svg+xml; charset=utf-8",
        bytes: include_bytes!("../../static/icon.svg"),
    },
];

/// Differs where a file differs: FNV-1a of all of them. The version of doorward would do as well, but need not be
/// known to strangers.
pub(crate) const CONTENT_TAG: u64 = {
    let mut tag: u64 = 0xcbf2_9ce4_8422_2325;
    let mut file = 0;
    while file < ASSETS.len() {
        let bytes = ASSETS[file].bytes;
        let mut at = 0;
        while at < bytes.len() {
            tag = (tag ^ bytes[at] as u64).wrapping_mul(0x0100_0000_01b3);
            at += 1;
        }
        file += 1;
    }
    tag
};

/// `GET /static/{name}`.
pub(crate) async fn static_file(request: HttpRequest, name: web::Path<String>) -> HttpResponse {
    let Some(asset) = ASSETS.iter().find(|asset| asset.name == *name) else {
        return error_page(Viewer::of(&request), StatusCode::NOT_FOUND);
    };
    HttpResponse::Ok()
        .content_type(asset.content_type)
        .insert_header((header::CACHE_CONTROL, CACHING))
        // An SVG opened by itself is a document that could run scripts.
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"))
        .body(asset.bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn get(name: &str) -> HttpResponse {
        static_file(
            actix_web::test::TestRequest::default().to_http_request(),
            web::Path::from(name.to_owned()),
        )
        .await
    }

    #[actix_web::test]
    async fn every_file_in_the_folder_is_served_and_no_other() {
        for entry in std::fs::read_dir("static").unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            assert_eq!(get(&name).await.status(), StatusCode::OK, "{name}");
        }
        for name in ["", "..", "doorward.css/", "../Cargo.toml", "DOORWARD.CSS"] {
            assert_eq!(get(name).await.status(), StatusCode::NOT_FOUND, "{name}");
        }
    }

    #[actix_web::test]
    async fn a_file_has_a_content_type_and_may_be_cached() {
        let response = get("icon.svg").await;
        assert_eq!(response.headers().get("Content-Type").unwrap(), "image/svg+xml; charset=utf-8");
        assert!(response.headers().get("Cache-Control").unwrap().to_str().unwrap().contains("max-age"));
    }

    #[test]
    fn no_file_loads_anything_from_another_server() {
        for asset in ASSETS {
            let text = std::str::from_utf8(asset.bytes).unwrap();
            let links = text.replace("http://www.w3.org/2000/svg", "");
            assert!(!links.contains("://") && !links.contains("@import"), "{}", asset.name);
        }
    }
}
