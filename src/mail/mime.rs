//! From a rendered mail to MIME: headers (RFC 5322) and two alternative parts (RFC 2046 §5.1.4). The logo travels
//! with the HTML (RFC 2387), so that no mail program asks a server for it.

use std::borrow::Cow;
use std::net::Ipv6Addr;
use std::time::{Duration, SystemTime};

use lettre::Address;
use lettre::address::Envelope;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};

use crate::brand::logo::Logo;
use crate::config::Sender;
use crate::mail::rendering::{LOGO_ID, RenderedMail};
use crate::types::{Email, OutboxMail};

/// A mail as it is sent to a server.
pub struct Mime {
    pub(crate) envelope: Envelope,
    pub(crate) bytes: Vec<u8>,
}

/// Encodes a rendered mail, with the logo if its HTML names it.
///
/// # Errors
/// A text, if an address is not valid in a header.
pub(crate) fn encode(
    from: &Sender,
    mail: &OutboxMail,
    rendered: RenderedMail,
    logo: Option<&Logo>,
) -> Result<Mime, String> {
    let RenderedMail { subject, text, html } = rendered;
    let sender = address(&from.email)?;
    let to = address(&mail.to)?;
    let envelope =
        Envelope::new(Some(sender.clone()), vec![to.clone()]).map_err(|error| error.to_string())?;
    // lettre would derive the envelope from the headers, where it refuses an IP address in brackets.
    let mime = lettre::Message::builder()
        .envelope(envelope.clone())
        .from(Mailbox::new(from.name.clone(), sender))
        .to(Mailbox::new(None, to))
        .subject(subject)
        .message_id(Some(message_id(from, mail)))
        .date(written_at(mail))
        .header(AutoSubmitted)
        .multipart(parts(text, html, logo)?)
        .map_err(|error| error.to_string())?;
    Ok(Mime { envelope, bytes: mime.formatted() })
}

fn parts(text: String, html: String, logo: Option<&Logo>) -> Result<MultiPart, String> {
    let Some(logo) = logo.filter(|_| html.contains(LOGO_ID)) else {
        return Ok(MultiPart::alternative_plain_html(text, html));
    };
    let content_type = ContentType::parse(logo.content_type).map_err(|error| error.to_string())?;
    let image = Attachment::new_inline(LOGO_ID.to_owned()).body(logo.bytes.clone(), content_type);
    let with_logo = MultiPart::related().singlepart(SinglePart::html(html)).singlepart(image);
    Ok(MultiPart::alternative().singlepart(SinglePart::plain(text)).multipart(with_logo))
}

/// The Message-ID, the same for every attempt: mail programs recognise a mail that is sent twice.
pub(crate) fn message_id(from: &Sender, mail: &OutboxMail) -> String {
    let address = from.email.as_str();
    let domain = address.rsplit_once('@').map_or(address, |(_, domain)| domain);
    format!("<{}@{}>", mail.message_id, ascii(domain))
}

/// An address in ASCII, because few servers accept SMTPUTF8 (RFC 6531).
///
/// Registration (by Django's rule) accepts a longer part before the `@` than lettre does. The server decides
/// about those.
fn address(email: &Email) -> Result<Address, String> {
    let (user, domain) = email.as_str().rsplit_once('@').ok_or("the address has no @")?;
    let domain = literal(domain).unwrap_or_else(|| ascii(domain));
    let is_registrable =
        || Email::as_typed(email.as_str()).is_ok() && !user.contains(|c: char| c.is_control());
    match Address::new(user, domain.as_ref()) {
        Ok(address) => Ok(address),
        Err(_) if is_registrable() => Ok(Address::new_dangerous(user, domain)),
        Err(error) => Err(format!("the address is not valid: {error}")),
    }
}

/// An IPv6 address in brackets in the syntax of mail (RFC 5321 §4.1.3): `[IPv6:::1]` for `[::1]`.
fn literal(domain: &str) -> Option<Cow<'_, str>> {
    let inside = domain.strip_prefix('[')?.strip_suffix(']')?;
    let address: Ipv6Addr = inside.parse().ok()?;
    Some(Cow::Owned(format!("[IPv6:{address}]")))
}

/// A domain in the ASCII form of DNS (RFC 5891 §4.4).
fn ascii(domain: &str) -> Cow<'_, str> {
    match idna::domain_to_ascii(domain) {
        Ok(name) if !domain.is_ascii() => Cow::Owned(name),
        _ => Cow::Borrowed(domain),
    }
}

fn written_at(mail: &OutboxMail) -> SystemTime {
    let seconds = u64::try_from(mail.written_at.seconds()).unwrap_or(0);
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

/// `Auto-Submitted: auto-generated` (RFC 3834 §5), which prevents out-of-office replies.
#[derive(Clone)]
struct AutoSubmitted;

/// The value of the header.
pub(crate) const AUTO_SUBMITTED: &str = "auto-generated";

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), AUTO_SUBMITTED.to_owned())
    }
}
