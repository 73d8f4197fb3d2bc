//! Forms as browsers send them from our pages: `application/x-www-form-urlencoded` in UTF-8
//! (WHATWG URL Standard, "application/x-www-form-urlencoded parsing"). Read by the HTML doors.
//! Judges no field: what a missing or strange value means, the door says.

use std::time::Duration;

use actix_web::web::Payload;
use actix_web::{HttpMessage as _, HttpRequest};
use url::form_urlencoded;
use zeroize::Zeroizing;

use crate::web::error::PageError;

/// The largest form, in bytes.
const LIMIT: usize = 64 * 1024;

/// The largest form of somebody who is signed in: a pasted list is longer than what a stranger types.
const LARGE: usize = 512 * 1024;

/// How long a browser may take to send one.
const PATIENCE: Duration = Duration::from_secs(30);

/// The fields of a form. No `Debug`: passwords come this way.
#[derive(Default)]
pub(crate) struct PageForm(Vec<(String, Zeroizing<String>)>);

impl PageForm {
    /// Reads the body of a request that a form of ours made.
    ///
    /// # Errors
    /// If the body is of another type, too large, too slow, or breaks off.
    pub(crate) async fn read(request: &HttpRequest, body: Payload) -> Result<Self, PageError> {
        Self::read_up_to(LIMIT, request, body).await
    }

    /// The same of somebody who is signed in.
    pub(crate) async fn read_large(request: &HttpRequest, body: Payload) -> Result<Self, PageError> {
        Self::read_up_to(LARGE, request, body).await
    }

    async fn read_up_to(limit: usize, request: &HttpRequest, body: Payload) -> Result<Self, PageError> {
        if !request.content_type().eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(PageError::BadForm);
        }
        let bytes = tokio::time::timeout(PATIENCE, body.to_bytes_limited(limit))
            .await
            .map_err(|_| PageError::TooSlow)?
            .map_err(|_| PageError::TooLarge)?
            .map_err(|_| PageError::BadForm)?;
        Ok(Self::parse(&bytes))
    }

    fn parse(bytes: &[u8]) -> Self {
        form_urlencoded::parse(bytes).collect()
    }

    /// The value of a field as it was sent: the last one of that name, as Django takes it
    /// (`django/utils/datastructures.py`, `MultiValueDict`), or nothing.
    #[must_use]
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().rfind(|(field, _)| field == name).map_or("", |(_, value)| value)
    }
}

impl PageForm {
    /// Every value of a field, in the order of the form.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// All of them: name and value, in the order of the form.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(field, value)| (field.as_str(), value.as_str()))
    }

    /// Whether a box is ticked: browsers send its field only then.
    #[must_use]
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(field, _)| field == name)
    }

    /// The fields of a query, which is written alike.
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
    async fn a_body_of_another_type_is_no_form() {
        for content_type in ["text/plain", "application/json", "multipart/form-data; boundary=x", ""] {
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
        assert_eq!(read(of, body(LIMIT)).await.ok().unwrap().get("a").len(), LIMIT - 2);
        assert_eq!(read(of, body(LIMIT + 1)).await.err(), Some(PageError::TooLarge));
    }
}
