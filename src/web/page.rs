//! A page: a template, a status, and the headers of every page. The Content Security Policy forbids inline
//! scripts and styles; a page [`Page::with_script`] may load the scripts in `static/`.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, ContentType};
use askama::Template;

/// Style sheets, images and targets of forms from this server only, and nothing else
/// (Content Security Policy Level 3).
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; \
                      form-action 'self'";

/// For pages with something secret or somebody's data (ASVS 8.2.1).
const NEVER_STORED: &str = "no-store";

/// For pages that are the same for everybody: the browser may keep them for its "back" button, and no cache
/// between may (RFC 9111 §5.2.2.7).
const ASKED_FOR: &str = "private, no-cache";

/// An HTML page: 200 by default, never stored by browsers or proxies.
#[derive(Debug)]
pub(crate) struct Page<T> {
    template: T,
    status: StatusCode,
    has_secret_url: bool,
    has_script: bool,
    has_requests: bool,
    has_frames: bool,
    is_impersonal: bool,
    /// The other origin to which a form of the page may lead.
    form_target: Option<String>,
}

impl<T: Template> Page<T> {
    #[must_use]
    pub(crate) const fn new(template: T) -> Self {
        Self {
            template,
            status: StatusCode::OK,
            has_secret_url: false,
            has_script: false,
            has_requests: false,
            has_frames: false,
            is_impersonal: false,
            form_target: None,
        }
    }

    #[must_use]
    pub(crate) fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// Keeps the page's URL, which holds a key, out of all requests that the page causes (Referrer Policy,
    /// `no-referrer`). Its forms arrive with `Origin: null`.
    #[must_use]
    pub(crate) fn with_secret_url(self) -> Self {
        Self { has_secret_url: true, ..self }
    }

    /// Allows the scripts in `static/`. Every page works without them.
    #[must_use]
    pub(crate) fn with_script(self) -> Self {
        Self { has_script: true, ..self }
    }

    /// Allows the scripts to send requests to this server.
    #[must_use]
    pub(crate) fn with_requests(self) -> Self {
        Self { has_requests: true, ..self }
    }

    /// Allows frames with pages of this server.
    #[must_use]
    pub(crate) fn with_frames(self) -> Self {
        Self { has_frames: true, ..self }
    }

    /// Says that the page has no secret and nothing about a person in it, so that browsers may keep it.
    #[must_use]
    pub(crate) fn impersonal(self) -> Self {
        Self { is_impersonal: true, ..self }
    }

    /// Allows the forms to lead to another origin: browsers apply the policy to the redirect after a form, too.
    #[must_use]
    pub(crate) fn with_form_target(self, origin: Option<&str>) -> Self {
        Self { form_target: origin.map(str::to_owned), ..self }
    }

    /// The response. A template that fails to render is logged and becomes an empty 500.
    #[must_use]
    pub(crate) fn into_response(self) -> HttpResponse {
        let Ok(html) = self.template.render().inspect_err(
            |error| tracing::error!(%error, page = std::any::type_name::<T>(), "a page could not be rendered"),
        ) else {
            return HttpResponse::InternalServerError().finish();
        };
        let scripts = if self.has_script { "; script-src 'self'" } else { "" };
        let requests = if self.has_requests { "; connect-src 'self'" } else { "" };
        let frames = if self.has_frames { "; frame-src 'self'" } else { "" };
        let target = self.form_target.map(|origin| format!(" {origin}")).unwrap_or_default();
        let policy = format!("{POLICY}{target}{scripts}{requests}{frames}");
        let mut response = HttpResponse::build(self.status);
        response
            .content_type(ContentType::html())
            .insert_header((header::CONTENT_SECURITY_POLICY, policy))
            .insert_header((
                header::CACHE_CONTROL,
                if self.is_impersonal { ASKED_FOR } else { NEVER_STORED },
            ));
        if self.has_secret_url {
            response.insert_header((header::REFERRER_POLICY, "no-referrer"));
        }
        response.body(html)
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
    fn a_page_loads_only_from_this_server_and_is_never_stored() {
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
    fn a_page_that_is_the_same_for_all_readers_may_be_stored_by_the_browser_alone() {
        let response = Page::new(Paragraph { text: "" }).impersonal().into_response();
        assert_eq!(header_of(&response, header::CACHE_CONTROL), Some("private, no-cache"));
    }

    #[test]
    fn only_a_page_with_a_secret_url_sends_no_referrer() {
        let page = || Page::new(Paragraph { text: "" });
        assert_eq!(header_of(&page().into_response(), header::REFERRER_POLICY), None);
        let secret = page().with_secret_url().into_response();
        assert_eq!(header_of(&secret, header::REFERRER_POLICY), Some("no-referrer"));
    }

    #[test]
    fn only_a_page_with_frames_may_have_frames_from_this_server() {
        let policy = |page: Page<Paragraph<'_>>| {
            header_of(&page.into_response(), header::CONTENT_SECURITY_POLICY).unwrap().to_owned()
        };
        assert!(!policy(Page::new(Paragraph { text: "" })).contains("frame-src"));
        assert!(policy(Page::new(Paragraph { text: "" }).with_frames()).ends_with("; frame-src 'self'"));
    }

    #[test]
    fn only_a_page_with_a_form_target_may_lead_to_another_origin() {
        let page = || Page::new(Paragraph { text: "" });
        let policy = |page: Page<Paragraph<'_>>| {
            header_of(&page.into_response(), header::CONTENT_SECURITY_POLICY).unwrap().to_owned()
        };
        assert!(policy(page()).ends_with("; form-action 'self'"));
        let policy = policy(page().with_form_target(Some("https://app.example.com")).with_script());
        assert!(policy.contains("; form-action 'self' https://app.example.com; script-src"), "{policy}");
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
