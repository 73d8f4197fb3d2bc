//! `/admin/mail/{id}/preview`: a mail as its reader sees it, for a frame on its page. It is no page
//! of ours, and an operator's templates may have anything in it: so it may load nothing, run nothing
//! and lead nowhere, and the key in its link is not there.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{Data, Path};

use crate::admin::mail::detail::find;
use crate::app::App;
use crate::web::PageError;
use crate::web::session::guard::Administrator;

/// An origin of its own and no scripts (`sandbox`), nothing from elsewhere but what is in it, and in
/// no frame but ours (Content Security Policy Level 3).
const POLICY: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
                      form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

/// `GET /admin/mail/{id}/preview`.
///
/// # Errors
/// If there is no such mail, it cannot be worded, or the store fails.
pub(crate) async fn page(app: Data<App>, _: Administrator, id: Path<i64>) -> Result<HttpResponse, PageError> {
    let mail = find(&app, *id).await?;
    // Why it cannot be worded is on the page around this.
    let preview = app.mailer.preview(&mail.content).map_err(|_| PageError::NotFound)?;
    Ok(HttpResponse::Ok()
        .content_type(header::ContentType::html())
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::X_FRAME_OPTIONS, "SAMEORIGIN"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .body(without_links(&preview.mail.html)))
}

/// The page with each `href` of a link renamed, so that it looks like one and leads nowhere: a frame
/// without rights could still go to another page within itself.
fn without_links(html: &str) -> String {
    let mut dead = String::with_capacity(html.len() + 64);
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        dead.push_str(before);
        let end = end_of_tag(tag);
        let (tag, after) = tag.split_at(end);
        let name: String = tag.chars().skip(1).take_while(char::is_ascii_alphanumeric).collect();
        match name.to_ascii_lowercase().as_str() {
            "a" | "area" => dead.push_str(&renamed(tag)),
            _ => dead.push_str(tag),
        }
        rest = after;
    }
    dead.push_str(rest);
    dead
}

/// Where the tag or comment ends that a text begins with; a `>` in a tag's quotes is none. A `<` that
/// begins no tag stands for itself (HTML Standard §13.2.5.6).
fn end_of_tag(text: &str) -> usize {
    if text.starts_with("<!--") {
        return text.find("-->").map_or(text.len(), |at| at + "-->".len());
    }
    if !text[1..].starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c)) {
        return 1;
    }
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '>') => return at + 1,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
    }
    text.len()
}

/// A tag whose attribute `href` is called something else. What stands in quotes may change with it:
/// nobody follows that.
fn renamed(tag: &str) -> String {
    let mut text = String::with_capacity(tag.len() + 5);
    let mut rest = tag;
    // ASCII is folded byte by byte, so that places in both are the same.
    while let Some(at) = rest.to_ascii_lowercase().find("href") {
        let (before, found) = rest.split_at(at);
        let (name, after) = found.split_at("href".len());
        text.extend([before, "data-", name]);
        rest = after;
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_nowhere_and_the_rest_stays_as_it_is() {
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
    fn no_mail_of_ours_has_a_link_that_lives() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/mail");
        let mut links = 0;
        for file in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            let dead = without_links(&text);
            links += dead.matches(" data-href=").count();
            assert!(!dead.contains("<a href") && !dead.contains(" href="), "{dead}");
        }
        assert!(links > 0);
    }
}
