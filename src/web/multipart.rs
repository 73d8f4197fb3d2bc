//! `multipart/form-data` (RFC 7578), which browsers send for a form with a file.

use std::future::ready;

use actix_multipart::{Multipart, MultipartError};
use actix_web::error::PayloadError;
use actix_web::http::header::HeaderMap;
use actix_web::web::Bytes;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use crate::web::error::PageError;

/// Name and value of the fields, in the order of the form. A file is a `data:` URL (RFC 2397); a field of a file in
/// which none was chosen is left out.
pub(super) async fn fields(headers: &HeaderMap, body: Bytes) -> Result<Vec<(String, String)>, PageError> {
    read(headers, body).await.ok().flatten().ok_or(PageError::BadForm)
}

/// `None` if a field has no name, or a text is not UTF-8.
pub async fn read(headers: &HeaderMap, body: Bytes) -> Result<Option<Vec<(String, String)>>, MultipartError> {
    let body = stream::once(ready(Ok::<_, PayloadError>(body)));
    let mut parts = Multipart::new(headers, body.boxed_local());
    let mut fields = Vec::new();
    while let Some(mut part) = parts.try_next().await? {
        let mut bytes = Vec::new();
        while let Some(chunk) = part.try_next().await? {
            bytes.extend_from_slice(&chunk);
        }
        let Some(name) = part.name().map(str::to_owned) else { return Ok(None) };
        // Browsers send the name of a file, empty if none was chosen (HTML, "constructing the entry list").
        let file_name = part.content_disposition().and_then(|header| header.get_filename());
        let value = match (file_name, part.content_type()) {
            (Some(""), _) => continue,
            (Some(_), kind) => {
                data_url(kind.map_or("application/octet-stream", |kind| kind.essence_str()), &bytes)
            }
            (None, _) => match String::from_utf8(bytes) {
                Ok(text) => text,
                Err(_) => return Ok(None),
            },
        };
        fields.push((name, value));
    }
    Ok(Some(fields))
}

fn data_url(media_type: &str, bytes: &[u8]) -> String {
    format!("data:{media_type};base64,{}", STANDARD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{self, HeaderValue};

    use super::*;

    async fn of(body: &str) -> Option<Vec<(String, String)>> {
        let mut headers = HeaderMap::new();
        let content_type = HeaderValue::from_static("multipart/form-data; boundary=x");
        headers.insert(header::CONTENT_TYPE, content_type);
        fields(&headers, Bytes::from(body.to_owned())).await.ok()
    }

    fn part(disposition: &str, value: &str) -> String {
        format!("--x\r\nContent-Disposition: form-data; {disposition}\r\n\r\n{value}\r\n")
    }

    #[actix_web::test]
    async fn texts_stay_and_a_file_is_a_data_url() {
        let file = "--x\r\nContent-Disposition: form-data; name=\"logo\"; filename=\"a.gif\"\r\n\
                    Content-Type: image/gif\r\n\r\nGIF89a\r\n";
        let body =
            [&part("name=\"a\"", " é&+ "), file, &part("name=\"none\"; filename=\"\"", ""), "--x--\r\n"]
                .concat();
        let expected = [("a", " é&+ "), ("logo", "data:image/gif;base64,R0lGODlh")];
        assert_eq!(
            of(&body).await.unwrap(),
            expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
    }

    #[actix_web::test]
    async fn a_broken_body_is_refused() {
        let whole = part("name=\"a\"", "1");
        for bad in ["", "x", &whole, &part("filename=\"b\"", "1"), "--x\r\n\r\n1\r\n--x--\r\n"] {
            assert_eq!(of(bad).await, None, "{bad}");
        }
        assert!(of(&[&whole, "--x--\r\n"].concat()).await.is_some());
    }
}
