//! A page: a template, a status, and the headers that every page carries. Answered by the
//! handlers of the HTML doors. It never holds a script or a style of its own: the policy
//! forbids both. One that says so may load scripts from here.

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, ContentType};
use actix_web::{HttpRequest, HttpResponse, Responder};
use askama::Template;

/// Style sheets and images from here, forms that go nowhere else, and nothing besides
/// (Content Security Policy Level 3).
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
                      frame-ancestors 'none'; base-uri 'none'";

/// An HTML page: 200 unless said otherwise, never stored by browsers or proxies.
#[derive(Debug)]
pub(crate) struct Page<T> {
    template: T,
    status: StatusCode,
    has_secret_url: bool,
    has_script: bool,
    has_frames: bool,
}

impl<T: Template> Page<T> {
    /// The page that `template` renders.
    #[must_use]
    pub(crate) const fn new(template: T) -> Self {
        Self { template, status: StatusCode::OK, has_secret_url: false, has_script: false, has_frames: false }
    }

    /// With another status than 200.
    #[must_use]
    pub(crate) fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// For a page whose URL opens something: no request that it causes names that URL
    /// (Referrer Policy, `no-referrer`). Forms on it arrive with `Origin: null`.
    #[must_use]
    pub(crate) fn with_secret_url(self) -> Self {
        Self { has_secret_url: true, ..self }
    }

    /// With scripts of `static/`, which it can do without.
    #[must_use]
    pub(crate) fn with_script(self) -> Self {
        Self { has_script: true, ..self }
    }

    /// For a page that shows another one of ours in a frame.
    #[must_use]
    pub(crate) fn with_frames(self) -> Self {
        Self { has_frames: true, ..self }
    }

    /// The answer. A template that cannot be rendered is logged and becomes a bare 500.
    #[must_use]
    pub(crate) fn into_response(self) -> HttpResponse {
        let Ok(html) = self.template.render().inspect_err(
            |error| tracing::error!(%error, page = std::any::type_name::<T>(), "a page could not be rendered"),
        ) else {
            return HttpResponse::InternalServerError().finish();
        };
        let scripts = if self.has_script { "; script-src 'self'" } else { "" };
        let frames = if self.has_frames { "; frame-src 'self'" } else { "" };
        let policy = format!("{POLICY}{scripts}{frames}");
        let mut response = HttpResponse::build(self.status);
        response
            .content_type(ContentType::html())
            .insert_header((header::CONTENT_SECURITY_POLICY, policy))
            .insert_header((header::CACHE_CONTROL, "no-store"));
        if self.has_secret_url {
            response.insert_header((header::REFERRER_POLICY, "no-referrer"));
        }
        response.body(html)
    }
}

impl<T: Template> Responder for Page<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        self.into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Template)]
    #[template(source = "<p>{{ text }}</p>", ext = "html")]
    struct Paragraph<'a> {
        text: &'a str,
    }

    struct Broken;

    impl std::fmt::Display for Broken {
        fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            Err(std::fmt::Error)
        }
    }

    #[derive(Template)]
    #[template(source = "{{ broken }}", ext = "html")]
    struct Unrenderable {
        broken: Broken,
    }

    fn header_of(response: &HttpResponse, name: header::HeaderName) -> Option<&str> {
        response.headers().get(name).map(|value| value.to_str().unwrap())
    }

    #[test]
    fn a_page_is_html_that_loads_only_from_here_and_is_never_stored() {
        let response = Page::new(Paragraph { text: "" }).into_response();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(header_of(&response, header::CONTENT_TYPE), Some("text/html; charset=utf-8"));
        assert_eq!(header_of(&response, header::CACHE_CONTROL), Some("no-store"));
        let policy = header_of(&response, header::CONTENT_SECURITY_POLICY).unwrap();
        assert!(policy.starts_with("default-src 'none';"), "{policy}");
        assert!(!policy.contains("unsafe") && !policy.contains("script"), "{policy}");
        let response = Page::new(Paragraph { text: "" }).with_script().into_response();
        let policy = header_of(&response, header::CONTENT_SECURITY_POLICY).unwrap();
        assert!(policy.ends_with("; script-src 'self'") && !policy.contains("unsafe"), "{policy}");
    }

    #[test]
    fn only_a_page_with_a_secret_url_hides_it_from_its_own_origin_too() {
        let page = || Page::new(Paragraph { text: "" });
        assert_eq!(header_of(&page().into_response(), header::REFERRER_POLICY), None);
        let secret = page().with_secret_url().into_response();
        assert_eq!(header_of(&secret, header::REFERRER_POLICY), Some("no-referrer"));
    }

    #[test]
    fn only_a_page_with_frames_may_have_some_and_those_from_here() {
        let policy = |page: Page<Paragraph<'_>>| {
            header_of(&page.into_response(), header::CONTENT_SECURITY_POLICY).unwrap().to_owned()
        };
        assert!(!policy(Page::new(Paragraph { text: "" })).contains("frame-src"));
        assert!(policy(Page::new(Paragraph { text: "" }).with_frames()).ends_with("; frame-src 'self'"));
    }

    #[actix_web::test]
    async fn text_is_escaped() {
        let response = Page::new(Paragraph { text: "<b>&\"'" }).into_response();
        let body = actix_web::body::to_bytes(response.into_body()).await.unwrap();
        assert_eq!(body, "<p>&#60;b&#62;&#38;&#34;&#39;</p>");
    }

    #[test]
    fn a_page_that_cannot_be_rendered_is_a_500() {
        let response = Page::new(Unrenderable { broken: Broken }).into_response();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    }
}
