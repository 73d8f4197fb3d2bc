//! Forms as browsers send them from our pages: `application/x-www-form-urlencoded` in UTF-8 (WHATWG URL
//! Standard, "application/x-www-form-urlencoded parsing"), or `multipart/form-data` with a file. What a missing or invalid value means, the handler
//! decides.

use std::time::Duration;

use actix_web::http::header;
use actix_web::web::Payload;
use actix_web::{HttpMessage as _, HttpRequest};
use url::form_urlencoded;
use zeroize::Zeroizing;

use crate::web::error::PageError;
use crate::web::multipart;

/// The field with the token of the session, by which a form proves that it comes from a page of that session.
pub(crate) const FORM_TOKEN: &str = "form_token";

/// The largest form, in bytes.
const MAX_SIZE: usize = 64 * 1024;

/// The largest form of a signed-in user, in bytes: it may hold a pasted list.
const MAX_SIZE_SIGNED_IN: usize = 512 * 1024;

/// How long a browser may take to send a form.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The fields of a form. Not `Debug`, because passwords are among them.
#[derive(Default)]
pub(crate) struct PageForm(Vec<(String, Zeroizing<String>)>);

impl PageForm {
    /// Reads the form in the body of a request.
    pub(crate) async fn read(request: &HttpRequest, body: Payload) -> Result<Self, PageError> {
        Self::read_up_to(MAX_SIZE, request, body).await
    }

    /// Reads the form of a signed-in user, which may be larger.
    pub(crate) async fn read_large(request: &HttpRequest, body: Payload) -> Result<Self, PageError> {
        Self::read_up_to(MAX_SIZE_SIGNED_IN, request, body).await
    }

    async fn read_up_to(limit: usize, request: &HttpRequest, body: Payload) -> Result<Self, PageError> {
        let is = |content_type: &str| request.content_type().eq_ignore_ascii_case(content_type);
        let is_multipart = is("multipart/form-data");
        let is_form = is_multipart || is("application/x-www-form-urlencoded");
        if !is_form || request.headers().contains_key(header::CONTENT_ENCODING) {
            return Err(PageError::BadForm);
        }
        let bytes = tokio::time::timeout(TIMEOUT, body.to_bytes_limited(limit))
            .await
            .map_err(|_| PageError::TooSlow)?
            .map_err(|_| PageError::TooLarge)?
            .map_err(|_| PageError::BadForm)?;
        if is_multipart {
            return Ok(multipart::fields(request.headers(), bytes).await?.into_iter().collect());
        }
        Ok(Self::parse(&bytes))
    }

    fn parse(bytes: &[u8]) -> Self {
        form_urlencoded::parse(bytes).collect()
    }

    /// The value of a field, untrimmed; empty if there is none. Of two fields with one name the last counts, as
    /// in Django (`django/utils/datastructures.py`, `MultiValueDict`).
    #[must_use]
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().rfind(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// Every value of a field, in the order of the form.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// Name and value of every field, in the order of the form.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(field, value)| (field.as_str(), value.as_str()))
    }

    /// Whether the form has a field. Browsers send the field of a checkbox only if it is checked.
    #[must_use]
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(field, _)| field == name)
    }

    /// The fields of a URL's query, which has the same syntax.
    #[must_use]
    pub(crate) fn of_query(query: &str) -> Self {
        Self::parse(query.as_bytes())
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for PageForm {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(fields: I) -> Self {
        Self(fields.into_iter().map(|(name, value)| (name.into(), Zeroizing::new(value.into()))).collect())
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    async fn read(content_type: &str, body: Vec<u8>) -> Result<PageForm, PageError> {
        let request = TestRequest::post().insert_header(("Content-Type", content_type)).set_payload(body);
        let (request, mut payload) = request.to_http_parts();
        let payload = <Payload as actix_web::FromRequest>::from_request(&request, &mut payload);
        PageForm::read(&request, payload.await.unwrap()).await
    }

    #[actix_web::test]
    async fn values_are_decoded_and_keep_their_white_space() {
        let form =
            read("application/x-www-form-urlencoded", b"a=%20x+y%26%C3%A9&b=&c".to_vec()).await.ok().unwrap();
        assert_eq!(form.get("a"), " x y&é");
        assert_eq!([form.get("b"), form.get("c"), form.get("d")], ["", "", ""]);
    }

    #[actix_web::test]
    async fn the_last_of_two_fields_with_one_name_counts() {
        let form =
            read("application/x-www-form-urlencoded; charset=UTF-8", b"a=1&a=2".to_vec()).await.ok().unwrap();
        assert_eq!(form.get("a"), "2");
    }

    #[actix_web::test]
    async fn a_body_of_another_content_type_is_refused() {
        for content_type in ["text/plain", "application/json", "multipart/mixed; boundary=x", ""] {
            assert_eq!(
                read(content_type, b"a=1".to_vec()).await.err(),
                Some(PageError::BadForm),
                "{content_type}"
            );
        }
    }

    #[actix_web::test]
    async fn a_form_up_to_the_limit_is_read_and_a_byte_more_is_too_large() {
        let body = |bytes: usize| [b"a=".as_slice(), &vec![b'x'; bytes - 2]].concat();
        let of = "application/x-www-form-urlencoded";
        assert_eq!(read(of, body(MAX_SIZE)).await.ok().unwrap().get("a").len(), MAX_SIZE - 2);
        assert_eq!(read(of, body(MAX_SIZE + 1)).await.err(), Some(PageError::TooLarge));
    }
}
