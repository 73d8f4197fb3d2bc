//! From words to what a server is handed: headers (RFC 5322) and two parts (RFC 2046 §5.1.4).

use std::borrow::Cow;
use std::net::Ipv6Addr;
use std::time::{Duration, SystemTime};

use lettre::Address;
use lettre::address::Envelope;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};

use crate::config::Sender;
use crate::mail::rendering::RenderedMail;
use crate::types::{Email, OutboxMail};

/// A mail as it goes over the wire.
pub struct Mime {
    pub(crate) envelope: Envelope,
    pub(crate) bytes: Vec<u8>,
}

/// Puts a letter's words into an envelope.
///
/// # Errors
/// In words, if an address cannot stand in a mail.
pub(crate) fn pack(from: &Sender, letter: &OutboxMail, words: RenderedMail) -> Result<Mime, String> {
    let sender = address(&from.email)?;
    let to = address(&letter.to)?;
    let envelope =
        Envelope::new(Some(sender.clone()), vec![to.clone()]).map_err(|error| error.to_string())?;
    // lettre would make an envelope of the headers, and reads no address in brackets there.
    let mail = lettre::Message::builder()
        .envelope(envelope.clone())
        .from(Mailbox::new(from.name.clone(), sender))
        .to(Mailbox::new(None, to))
        .subject(words.subject)
        .message_id(Some(message_id(from, letter)))
        .date(written_at(letter))
        .header(AutoSubmitted)
        .multipart(MultiPart::alternative_plain_html(words.text, words.html))
        .map_err(|error| error.to_string())?;
    Ok(Mime { envelope, bytes: mail.formatted() })
}

/// The same each time the letter is sent: whoever gets it twice, after a crash, can tell.
pub(crate) fn message_id(from: &Sender, letter: &OutboxMail) -> String {
    let address = from.email.as_str();
    let domain = address.rsplit_once('@').map_or(address, |(_, domain)| domain);
    format!("<{}@{}>", letter.message_id, ascii(domain))
}

/// An address in ASCII, because few servers take another one (RFC 6531).
///
/// What registration takes, Django's rule, is more than what lettre takes: a part before the `@` of any
/// length. The server may judge that.
fn address(email: &Email) -> Result<Address, String> {
    let (user, domain) = email.as_str().rsplit_once('@').ok_or("the address has no @")?;
    let domain = literal(domain).unwrap_or_else(|| ascii(domain));
    let is_ours = || Email::as_typed(email.as_str()).is_ok() && !user.contains(|c: char| c.is_control());
    match Address::new(user, domain.as_ref()) {
        Ok(address) => Ok(address),
        Err(_) if is_ours() => Ok(Address::new_dangerous(user, domain)),
        Err(error) => Err(format!("the address is not valid: {error}")),
    }
}

/// An IP address in brackets as mail servers write it (RFC 5321 §4.1.3): `[::1]` is `[IPv6:::1]` there.
fn literal(domain: &str) -> Option<Cow<'_, str>> {
    let inside = domain.strip_prefix('[')?.strip_suffix(']')?;
    let address: Ipv6Addr = inside.parse().ok()?;
    Some(Cow::Owned(format!("[IPv6:{address}]")))
}

/// A domain as DNS knows it (RFC 5891 §4.4).
fn ascii(domain: &str) -> Cow<'_, str> {
    match idna::domain_to_ascii(domain) {
        Ok(name) if !domain.is_ascii() => Cow::Owned(name),
        _ => Cow::Borrowed(domain),
    }
}

fn written_at(letter: &OutboxMail) -> SystemTime {
    let seconds = u64::try_from(letter.written_at.seconds()).unwrap_or(0);
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

/// `Auto-Submitted: auto-generated` (RFC 3834 §5): no out-of-office note is wanted.
#[derive(Clone)]
struct AutoSubmitted;

/// What the header says.
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
