//! What a reply of the mail server is about: every mail, or the one that was offered. The codes decide
//! (RFC 3463, RFC 5321 §4.2.3); the words of a reply are asked last, because each server has its own.

use crate::mail::failure::{Cause, SendError, SmtpStage};

/// What a failure concerns, as far as it tells by itself. The outbox checks "probably" against what happens
/// to other mails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FailureScope {
    /// Every mail: the server was not reached, or refused us before it knew the recipient.
    Everything,
    /// Every mail, by the code. Postfix and others hold every refusal back until RCPT.
    ProbablyEverything,
    /// This mail, but a reply like that can be about all.
    ProbablyThis,
    /// This mail: its mailbox, its address or its content.
    This,
}

/// What the server refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RefusalSubject {
    /// The session as a whole: it closes, or is out of resources.
    Session,
    /// STARTTLS.
    StartTls,
    /// The credentials, or that there were none.
    Login,
    /// The name in EHLO.
    HelloName,
    /// The IP address of this machine.
    Client,
    /// The address of the sender.
    Sender,
    /// To pass mail on for us.
    Relaying,
    /// More mail for now.
    Quota,
    /// The recipient.
    Recipient,
    /// The mail.
    Content,
}

/// An enhanced status code without its class: subject and detail (RFC 3463 §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct EnhancedStatus {
    subject: u16,
    detail: u16,
}

/// Words that tell what a refusal is about, in lower case, the surest first.
const SUBJECT_WORDS: [(RefusalSubject, &[&str]); 6] = [
    (RefusalSubject::Relaying, &["relay", "rcpthosts"]),
    (RefusalSubject::Login, &["authenticat", "auth required", "auth first", "log in", "login", "not logged"]),
    (RefusalSubject::HelloName, &["helo ", "ehlo ", "helo:"]),
    (
        RefusalSubject::Sender,
        &["sender", "send as", "sendas", "mail from:", "from address", "not owned", "not verified"],
    ),
    (RefusalSubject::Quota, &["quota", "limit", "too many", "too much", "exceeded"]),
    (
        RefusalSubject::Client,
        &[
            "block",
            "blacklist",
            "denylist",
            "spamhaus",
            "dnsbl",
            "client host",
            "your ip",
            "ip address",
            "reputation",
            "listed",
            "reverse",
            "ptr record",
        ],
    ),
];

/// Words of a policy that is about us, besides those of [`SUBJECT_WORDS`].
const POLICY_WORDS: [&str; 7] = ["policy", "spf", "dkim", "dmarc", "not permitted", "not allowed", "denied"];

/// Words of a filter that looked at the content.
const CONTENT_WORDS: [&str; 5] = ["spam", "virus", "malware", "phish", "content"];

/// Words of a mailbox that does not exist or is full.
const MAILBOX_WORDS: [&str; 7] = [
    "mailbox",
    "no such user",
    "user unknown",
    "unknown user",
    "unknown recipient",
    "over quota",
    "does not exist",
];

/// Words that only a recipient that does not exist has.
const UNKNOWN_WORDS: [&str; 4] = ["no such user", "user unknown", "unknown user", "unknown recipient"];

/// Words of a server that refuses the first attempt for each recipient (RFC 6647 §2).
const GREYLISTING_WORDS: [&str; 4] = ["greylist", "graylist", "grey list", "gray list"];

impl SendError {
    /// What the failure concerns.
    pub(crate) fn scope(&self) -> FailureScope {
        match &self.cause {
            Cause::InvalidMessage(_) => FailureScope::This,
            _ if self.stage < SmtpStage::Recipient => FailureScope::Everything,
            Cause::NotOffered => FailureScope::This,
            Cause::Reply { code, text } => reply_scope(self.stage, *code, &text.to_lowercase()),
            Cause::TimedOut
            | Cause::Refused
            | Cause::Network(_)
            | Cause::Certificate(_)
            | Cause::Tls(_)
            | Cause::InvalidReply(_) => FailureScope::ProbablyThis,
        }
    }

    /// Whether no later attempt can succeed, if the failure concerns this mail only.
    pub(crate) fn is_permanent(&self) -> bool {
        match &self.cause {
            Cause::InvalidMessage(_) | Cause::NotOffered => true,
            Cause::Reply { code, .. } => *code >= 500,
            _ => false,
        }
    }

    /// What the server refused.
    pub(crate) fn refusal_subject(&self) -> RefusalSubject {
        let usual = match self.stage {
            SmtpStage::Name | SmtpStage::Connection => RefusalSubject::Session,
            SmtpStage::Tls => RefusalSubject::StartTls,
            SmtpStage::Login => RefusalSubject::Login,
            SmtpStage::Sender => RefusalSubject::Sender,
            SmtpStage::Recipient => RefusalSubject::Recipient,
            SmtpStage::Content => RefusalSubject::Content,
        };
        let Cause::Reply { code, text } = &self.cause else { return usual };
        if self.stage < SmtpStage::Sender || self.concerns_this() {
            return usual;
        }
        let text = text.to_lowercase();
        match (code, EnhancedStatus::of(*code, &text)) {
            (421, _) => RefusalSubject::Session,
            (530 | 534 | 535 | 538, _) => RefusalSubject::Login,
            (504, _) => RefusalSubject::HelloName,
            (
                _,
                Some(
                    EnhancedStatus { subject: 1, detail: 7 | 8 } | EnhancedStatus { subject: 7, detail: 60 },
                ),
            ) => RefusalSubject::Sender,
            (_, Some(EnhancedStatus { subject: 4, detail: 5 })) => RefusalSubject::Quota,
            (_, Some(EnhancedStatus { subject: 3, .. })) => RefusalSubject::Session,
            _ => subject_in(&text).unwrap_or(usual),
        }
    }

    /// A text that is equal for failures of different mails that have the same cause: without what names the
    /// recipient, numbers and ids. Empty for a failure that has nothing to do with the server.
    pub(crate) fn likeness(&self) -> String {
        let cause = match &self.cause {
            Cause::Reply { code, text } => {
                let status = EnhancedStatus::of(*code, text).map(|status| (status.subject, status.detail));
                format!("{code} {status:?} {}", common_words(text))
            }
            Cause::InvalidMessage(_) | Cause::NotOffered => return String::new(),
            Cause::TimedOut => "timed out".to_owned(),
            Cause::Network(_) => "network".to_owned(),
            Cause::InvalidReply(_) => "not SMTP".to_owned(),
            other => format!("{other:?}"),
        };
        format!("{:?} {cause}", self.stage)
    }

    fn concerns_this(&self) -> bool {
        matches!(self.scope(), FailureScope::This | FailureScope::ProbablyThis)
    }
}

impl EnhancedStatus {
    /// The status that a reply begins with, if it has one of its own class (RFC 2034 §4).
    fn of(code: u16, text: &str) -> Option<Self> {
        let mut parts = text.split_whitespace().next()?.trim_end_matches([':', ',', ';']).split('.');
        let mut number = || parts.next()?.parse::<u16>().ok();
        let (class, subject, detail) = (number()?, number()?, number()?);
        (class == code / 100 && parts.next().is_none()).then_some(Self { subject, detail })
    }
}

/// What a reply at RCPT or later is about. `text` is in lower case.
fn reply_scope(stage: SmtpStage, code: u16, text: &str) -> FailureScope {
    // "Service not available" (RFC 5321 §4.2.3); authentication or encryption required (RFC 4954 §6,
    // RFC 3207 §4, RFC 5248).
    if matches!(code, 421 | 454 | 523..=538) {
        return FailureScope::ProbablyEverything;
    }
    match EnhancedStatus::of(code, text) {
        Some(status) => {
            status_scope(stage, status, code, text).unwrap_or_else(|| code_scope(stage, code, text))
        }
        None => code_scope(stage, code, text),
    }
}

/// What an enhanced status is about; `None` if it leaves that open.
fn status_scope(stage: SmtpStage, status: EnhancedStatus, code: u16, text: &str) -> Option<FailureScope> {
    let scope = match (status.subject, status.detail) {
        // The sender's mailbox or domain.
        (1, 7 | 8) => FailureScope::ProbablyEverything,
        // "Other" says nothing: servers use it for senders and recipients.
        (0, _) | (1, 0) => return None,
        // Exchange refuses senders after the recipient was accepted with X.2.0.
        (2, _) if stage == SmtpStage::Content && is_about_us(text) && !has_any(text, &MAILBOX_WORDS) => {
            FailureScope::ProbablyEverything
        }
        (1 | 2, _) => FailureScope::This,
        // The content: a template may make all mails alike.
        (6, _) => FailureScope::ProbablyThis,
        // Too large a message.
        (3, 4) => FailureScope::ProbablyThis,
        // A mailing list, or an owner that changed (RFC 7293).
        (7, 2 | 17 | 18) => FailureScope::This,
        (7, _) if code < 500 && has_any(text, &GREYLISTING_WORDS) => FailureScope::ProbablyThis,
        // The server's system, the network, the protocol, and policy.
        (3 | 4 | 5 | 7, _) => FailureScope::ProbablyEverything,
        _ => return None,
    };
    Some(scope)
}

/// What a reply code without an enhanced status is about (RFC 5321 §4.2.3).
fn code_scope(stage: SmtpStage, code: u16, text: &str) -> FailureScope {
    let is_at_recipient = stage == SmtpStage::Recipient;
    match code {
        // The address is malformed, not local, or at a domain without mail (RFC 7504).
        501 | 551 | 556 if is_at_recipient && !is_about_us(text) => FailureScope::ProbablyThis,
        // The mailbox is full, or the mail too large.
        552 => FailureScope::ProbablyThis,
        // Unknown commands and parameters, wrong order, HELO; the host accepts no mail.
        500..=509 | 521 | 555 => FailureScope::ProbablyEverything,
        // "Mailbox name not allowed" is what servers say of senders; 554 is what they say of clients.
        553 | 554 if is_at_recipient && !has_any(text, &MAILBOX_WORDS) => FailureScope::ProbablyEverything,
        500.. if is_at_recipient && is_about_us(text) && !has_any(text, &MAILBOX_WORDS) => {
            FailureScope::ProbablyEverything
        }
        500.. if is_at_recipient && has_any(text, &UNKNOWN_WORDS) && !is_about_us(text) => FailureScope::This,
        500.. if is_at_recipient => FailureScope::ProbablyThis,
        // The recipient was accepted, so the refusal is about the content or about us.
        500.. if has_any(text, &CONTENT_WORDS) => FailureScope::ProbablyThis,
        500.. => FailureScope::ProbablyEverything,
        _ => FailureScope::ProbablyThis,
    }
}

fn is_about_us(text: &str) -> bool {
    subject_in(text).is_some() || has_any(text, &POLICY_WORDS)
}

fn subject_in(text: &str) -> Option<RefusalSubject> {
    SUBJECT_WORDS.into_iter().find(|(_, words)| has_any(text, words)).map(|(subject, _)| subject)
}

fn has_any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

/// The words of a text in lower case, without those with a digit or an `@`: addresses, ids, times.
fn common_words(text: &str) -> String {
    let is_common = |word: &&str| !word.contains(|c: char| c.is_ascii_digit() || c == '@');
    text.to_lowercase().split_whitespace().filter(is_common).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(stage: SmtpStage, reply: &str) -> SendError {
        let (code, text) = reply.split_once(' ').unwrap();
        let cause = Cause::Reply { code: code.parse().unwrap(), text: text.to_owned() };
        SendError { stage, cause, host: "mx".to_owned(), port: 25 }
    }

    /// Replies that are about the sender, the client or the server, each with what was refused.
    const ABOUT_ALL: &[(SmtpStage, &str, RefusalSubject)] = &[
        (
            SmtpStage::Recipient,
            "553 5.7.1 <a@b.c>: Sender address rejected: not owned by user x",
            RefusalSubject::Sender,
        ),
        (SmtpStage::Recipient, "553 not owned by user", RefusalSubject::Sender),
        (
            SmtpStage::Recipient,
            "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
            RefusalSubject::Relaying,
        ),
        (SmtpStage::Recipient, "554 5.7.1 <a@b.c>: Relay access denied", RefusalSubject::Relaying),
        (SmtpStage::Recipient, "550 relay not permitted", RefusalSubject::Relaying),
        (
            SmtpStage::Recipient,
            "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
            RefusalSubject::Client,
        ),
        (
            SmtpStage::Recipient,
            "550 5.7.1 Client host rejected: cannot find your reverse hostname",
            RefusalSubject::Client,
        ),
        (SmtpStage::Recipient, "550 Authentication required", RefusalSubject::Login),
        (SmtpStage::Recipient, "503 5.5.1 AUTH first", RefusalSubject::Login),
        (SmtpStage::Recipient, "530 5.7.0 Must issue a STARTTLS command first", RefusalSubject::Login),
        (
            SmtpStage::Recipient,
            "504 5.5.2 <[127.0.0.1]>: Helo command rejected: need fully-qualified hostname",
            RefusalSubject::HelloName,
        ),
        (SmtpStage::Recipient, "504 need a better name", RefusalSubject::HelloName),
        (SmtpStage::Recipient, "421 4.3.2 going down", RefusalSubject::Session),
        (SmtpStage::Recipient, "452 4.3.1 Insufficient system storage", RefusalSubject::Session),
        (SmtpStage::Recipient, "451 4.3.0 Temporary lookup failure", RefusalSubject::Session),
        (SmtpStage::Recipient, "550 5.1.8 Sender address rejected: Domain not found", RefusalSubject::Sender),
        (
            SmtpStage::Recipient,
            "450 4.7.1 Client host rejected: too much mail from 192.0.2.1",
            RefusalSubject::Quota,
        ),
        (SmtpStage::Recipient, "454 4.7.0 Temporary authentication failure", RefusalSubject::Login),
        (SmtpStage::Content, "550 5.4.5 Daily user sending quota exceeded", RefusalSubject::Quota),
        (
            SmtpStage::Content,
            "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
            RefusalSubject::Sender,
        ),
        (SmtpStage::Content, "554 Message rejected: Email address is not verified", RefusalSubject::Sender),
        (SmtpStage::Content, "550 Daily limit reached", RefusalSubject::Quota),
        (
            SmtpStage::Content,
            "554 5.2.252 SendAsDenied; a@b.c not allowed to send as d@e.f",
            RefusalSubject::Sender,
        ),
        (SmtpStage::Content, "554 5.7.1 rejected by policy", RefusalSubject::Content),
    ];

    /// Replies that are about one mail, and whether they are final.
    const ABOUT_ONE: &[(SmtpStage, &str, bool)] = &[
        (SmtpStage::Recipient, "550 5.1.1 no such user", true),
        (SmtpStage::Recipient, "550 5.1.1 <a@b.c>: Recipient address rejected: User unknown", true),
        (SmtpStage::Recipient, "550 No such user here", true),
        (SmtpStage::Recipient, "550 5.2.1 mailbox disabled", true),
        (SmtpStage::Recipient, "552 5.2.2 mailbox full", true),
        (SmtpStage::Recipient, "552 mailbox over quota", true),
        (SmtpStage::Recipient, "452 4.2.2 over quota", false),
        (SmtpStage::Recipient, "450 mailbox busy", false),
        (SmtpStage::Recipient, "451 4.7.1 Greylisted, try again in 300 seconds", false),
        (SmtpStage::Recipient, "450 4.7.1 <a@b.c>: Recipient address rejected: Greylisting in action", false),
        (SmtpStage::Recipient, "553 5.1.3 invalid address syntax", true),
        (SmtpStage::Recipient, "553 5.6.7 SMTPUTF8 required", true),
        (SmtpStage::Recipient, "501 malformed address", true),
        (SmtpStage::Recipient, "550 5.1.0 mailbox unknown", true),
        (SmtpStage::Content, "552 5.3.4 message size exceeds fixed limit", true),
        (SmtpStage::Content, "554 this looks like spam", true),
    ];

    #[test]
    fn a_reply_about_the_sender_the_client_or_the_server_concerns_every_mail() {
        for (stage, reply, subject) in ABOUT_ALL {
            let error = error(*stage, reply);
            assert_eq!(error.scope(), FailureScope::ProbablyEverything, "{reply}");
            assert_eq!(error.refusal_subject(), *subject, "{reply}");
        }
    }

    #[test]
    fn a_reply_about_a_mailbox_or_the_content_concerns_one_mail() {
        for (stage, reply, is_permanent) in ABOUT_ONE {
            let error = error(*stage, reply);
            assert!(error.concerns_this(), "{reply}: {:?}", error.scope());
            assert_eq!(error.is_permanent(), *is_permanent, "{reply}");
        }
    }

    #[test]
    fn a_status_that_names_the_mailbox_or_its_domain_is_never_compared_with_others() {
        for status in ["1.1", "1.2", "1.3", "1.4", "1.6", "1.10", "2.0", "2.1", "2.2", "2.3", "2.4"] {
            for (code, class) in [(550, 5), (553, 5), (450, 4), (452, 4)] {
                let reply = format!("{code} {class}.{status} <a@b.c>: Recipient address rejected");
                assert_eq!(error(SmtpStage::Recipient, &reply).scope(), FailureScope::This, "{reply}");
            }
        }
        for reply in ["550 No such user here", "550 <a@b.c>: User unknown in virtual mailbox table"] {
            assert_eq!(error(SmtpStage::Recipient, reply).scope(), FailureScope::This, "{reply}");
        }
    }

    #[test]
    fn whatever_is_said_before_the_recipient_is_named_concerns_every_mail() {
        for reply in ["550 5.1.1 no such user", "452 4.2.2 full", "421 later"] {
            for stage in [SmtpStage::Connection, SmtpStage::Login, SmtpStage::Sender] {
                assert_eq!(error(stage, reply).scope(), FailureScope::Everything, "{reply}");
            }
        }
    }

    #[test]
    fn a_status_of_another_class_than_the_reply_is_none() {
        assert_eq!(EnhancedStatus::of(550, "5.7.1 no"), Some(EnhancedStatus { subject: 7, detail: 1 }));
        for (code, text) in [(550, "4.7.1 no"), (550, "5.7"), (550, "5.7.1.2 x"), (550, "v5.7.1"), (550, "")]
        {
            assert_eq!(EnhancedStatus::of(code, text), None, "{code} {text}");
        }
    }

    #[test]
    fn refusals_alike_are_equal_whatever_the_recipient_and_the_id_of_the_reply() {
        let likeness = |reply| error(SmtpStage::Recipient, reply).likeness();
        assert_eq!(
            likeness("550 5.1.0 <u1@a.example>: Rejected (id 4F2A1)"),
            likeness("550 5.1.0 <bob@b.example>: rejected (id 77BC0)")
        );
        assert_ne!(likeness("550 5.1.0 rejected"), likeness("550 5.1.0 unknown"));
        assert_ne!(likeness("550 rejected"), likeness("551 rejected"));
    }
}
