//! `/admin/mail/{id}/preview`: a mail as its recipient sees it, for a frame on its page. The operator's templates may
//! hold anything, so the preview may load nothing, run nothing and lead nowhere. The key of its link is left out.

use std::convert::Infallible;

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{Data, Path};
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

use crate::accounts;
use crate::admin::mail::detail;
use crate::admin::session::Administrator;
use crate::app::App;
use crate::web::PageError;

/// An origin of its own and no scripts (`sandbox`), no requests, and only in frames of this server (Content
/// Security Policy Level 3).
const POLICY: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
                      form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

/// `GET /admin/mail/{id}/preview`.
pub(crate) async fn page(app: Data<App>, _: Administrator, id: Path<i64>) -> Result<HttpResponse, PageError> {
    let mail = detail::mail(&app, *id).await?;
    // The page around the frame says why a mail cannot be rendered.
    let edited = accounts::edited_words(&app, &mail.content).await?;
    let preview = app.mailer.preview(&mail.content, edited.as_ref()).map_err(|_| PageError::NotFound)?;
    Ok(respond(&preview.mail.html))
}

/// The response with the HTML of a mail.
pub(crate) fn respond(html: &str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(header::ContentType::html())
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::X_FRAME_OPTIONS, "SAMEORIGIN"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .body(without_links(html))
}

/// The mail with every `href` of a link renamed, so that the link leads nowhere: a frame without any rights could
/// still load another page in itself.
fn without_links(html: &str) -> String {
    let mut is_link = false;
    let mut positions = Vec::new();
    let mut emitter =
        CallbackEmitter::new(|event: CallbackEvent<'_>, span: Span<usize>| -> Option<Infallible> {
            match event {
                CallbackEvent::OpenStartTag { name } => is_link = matches!(name, b"a" | b"area"),
                // SVG has `xlink:href`, too.
                CallbackEvent::AttributeName { name } if is_link && name.ends_with(b"href") => {
                    positions.push(span.start);
                }
                _ => {}
            }
            None
        });
    emitter.naively_switch_states(true);
    let Ok(()) = Tokenizer::new_with_emitter(html, emitter).finish();
    let mut text = html.to_owned();
    for position in positions.into_iter().rev() {
        text.insert_str(position, "data-");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_nowhere_and_the_rest_is_unchanged() {
        for (html, dead) in [
            (
                "<p>a &lt; b</p><a class=x href=\"https://x/\">go</a>",
                "<p>a &lt; b</p><a class=x data-href=\"https://x/\">go</a>",
            ),
            ("<A\nTITLE='>' HREF=/x>go</A>", "<A\nTITLE='>' data-HREF=/x>go</A>"),
            ("<area href=x>", "<area data-href=x>"),
            (
                "<style>a{}</style><abbr title=\"href\">ü</abbr>",
                "<style>a{}</style><abbr title=\"href\">ü</abbr>",
            ),
            ("<a href=x", "<a data-href=x"),
            ("<!-- don't --><a href=x>go</a>", "<!-- don't --><a data-href=x>go</a>"),
            ("I <3 it's <a href=x>", "I <3 it's <a data-href=x>"),
            ("<!-- <a href=x>", "<!-- <a href=x>"),
            ("", ""),
        ] {
            assert_eq!(without_links(html), dead);
        }
    }

    #[test]
    fn no_built_in_mail_has_a_live_link() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/mail");
        let mut links = 0;
        for file in ["_base.html", "_button.html", "_text.html"] {
            let text = std::fs::read_to_string(folder.join(file)).unwrap();
            let dead = without_links(&text);
            links += dead.matches(" data-href=").count();
            assert!(!dead.contains("<a href") && !dead.contains(" href="), "{dead}");
        }
        assert!(links > 0);
    }
}
