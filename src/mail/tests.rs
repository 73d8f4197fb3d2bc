//! What each mail says (`snapshots/`), what templates of one's own can change, and what can get into a
//! header.

use crate::mail::mime::pack;
use crate::mail::rendering::sample;
use crate::mail::*;
use crate::types::{Email, OneTimeKey, Timestamp, Username};

/// The only key that a snapshot may show.
const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn mailer(settings: &[(&str, &str)]) -> Result<Mailer, MailerError> {
    let mut all = vec![
        ("public_url", "https://accounts.example.com"),
        ("site.name", "Example & Sons"),
        ("mail.from", "Example <accounts@example.com>"),
        ("mail.smtp.host", "mail.example.com"),
        ("mail.smtp.tls", "none"),
    ];
    all.extend_from_slice(settings);
    Mailer::new(&Config::from_settings(&all).unwrap())
}

/// The letter of a kind, the same each time.
fn letter(kind: MessageKind) -> OutboxMail {
    let sample = sample(kind);
    let key = sample.key.as_ref().and_then(|_| OneTimeKey::parse(KEY));
    OutboxMail { key, message_id: "1f".to_owned(), ..sample }
}

fn words(mailer: &Mailer, letter: &OutboxMail) -> RenderedMail {
    mailer.wording.of(letter, KeyVisibility::Shown).unwrap()
}

fn refusal(file: &str, source: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(file), source).unwrap();
    let settings = [("mail.templates", folder.path().to_str().unwrap())];
    mailer(&settings).err().expect("a refusal").to_string()
}

#[test]
fn every_mail_says_what_its_snapshot_says() {
    let mailer = mailer(&[]).unwrap();
    for kind in MessageKind::ALL {
        let RenderedMail { subject, text, html } = words(&mailer, &letter(kind));
        insta::assert_snapshot!(kind.as_str(), format!("{subject}\n\n{text}\n{html}"));
    }
}

#[test]
fn every_link_is_the_public_url_the_path_of_its_kind_and_the_key() {
    let mailer = mailer(&[]).unwrap();
    let links = [
        (MessageKind::ConfirmEmail, "confirm-email"),
        (MessageKind::EmailChanged, "undo-email"),
        (MessageKind::ResetPassword, "reset-password"),
        (MessageKind::Invite, "accept-invite"),
    ];
    for (kind, path) in links {
        let link = format!("https://accounts.example.com/{path}/{KEY}");
        let words = words(&mailer, &letter(kind));
        assert!(words.text.contains(&format!("\n{link}\n")), "{}", words.text);
        assert!(words.html.contains(&format!("href=\"{link}\"")), "{}", words.html);
    }
}

#[test]
fn no_mail_loads_anything_from_elsewhere() {
    let mailer = mailer(&[]).unwrap();
    for kind in MessageKind::ALL {
        let html = words(&mailer, &letter(kind)).html;
        for loads in ["<img", "src=", "url(", "<link", "@import", "<script"] {
            assert!(!html.contains(loads), "{}: {loads}", kind.as_str());
        }
    }
}

#[test]
fn a_preview_shows_everything_but_the_key() {
    let mailer = mailer(&[]).unwrap();
    let waiting = letter(MessageKind::ResetPassword);
    let preview = mailer.preview(&waiting).unwrap();
    let all = format!("{preview:?}");
    assert!(!all.contains(KEY) && all.contains("/reset-password/(hidden)"), "{all}");
    assert_eq!(preview.headers[3], ("Message-ID", "<1f@example.com>".to_owned()));
    let sent = mailer.preview(&OutboxMail { key: None, ..waiting }).unwrap();
    assert!(sent.words.text.contains("/reset-password/(removed)"), "{}", sent.words.text);
}

#[test]
fn a_template_of_ones_own_takes_the_place_of_one_and_the_others_stay() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("test.txt"), "Subject: Hé {{ site }}\r\n\r\nMine.\r\n").unwrap();
    let own = mailer(&[("mail.templates", folder.path().to_str().unwrap())]).unwrap();
    let RenderedMail { subject, text, html } = words(&own, &letter(MessageKind::Test));
    assert_eq!((subject.as_str(), text.as_str()), ("Hé Example & Sons", "Mine.\n"));
    let usual = mailer(&[]).unwrap();
    assert_eq!(html, words(&usual, &letter(MessageKind::Test)).html);
    let invite = letter(MessageKind::Invite);
    assert_eq!(words(&own, &invite), words(&usual, &invite));
}

#[test]
fn a_broken_template_is_refused_with_its_name_its_line_and_what_is_wrong() {
    let unknown_name = refusal("test.txt", "Subject: x\n\nHello {{ usrname }}");
    assert!(unknown_name.contains("test.txt is broken at line 3"), "{unknown_name}");
    let unknown_file = refusal("invite.html", "{{ link }}\n{% include '_footer.html' %}");
    assert!(unknown_file.contains("_footer.html"), "{unknown_file}");
    let no_subject = refusal("invite.txt", "Hello,\n\n{{ link }}");
    assert!(no_subject.contains("invite.txt must begin with a line such as `Subject:"), "{no_subject}");
    for file in ["confirm_email.txt", "confirm_email.html"] {
        let no_link = refusal(file, "Subject: x\n\nHello");
        assert!(no_link.contains(&format!("{file} does not show its link: put {{{{ link }}}}")), "{no_link}");
    }
}

#[test]
fn markup_in_a_name_is_text_in_the_page() {
    let mailer = mailer(&[("site.name", "<b>Site</b>")]).unwrap();
    let mut letter = letter(MessageKind::PasswordChanged);
    letter.params.insert("username".to_owned(), "<script>\"".to_owned());
    let words = words(&mailer, &letter);
    assert!(!words.html.contains("<script>") && !words.html.contains("<b>Site"), "{}", words.html);
    assert!(words.text.contains("<script>\""));
}

/// The mail as it goes over the wire: its headers in one text, and all of it.
fn wire(letter: &OutboxMail) -> (String, String) {
    let mime = mailer(&[]).unwrap().compose(letter).unwrap();
    let all = String::from_utf8(mime.bytes).unwrap();
    (all.split("\r\n\r\n").next().unwrap().to_owned(), all)
}

#[test]
fn the_headers_are_those_of_an_automatic_mail_and_the_same_each_time() {
    let letter = letter(MessageKind::Test);
    let (headers, all) = wire(&letter);
    for header in [
        "From: Example <accounts@example.com>",
        "To: alice@example.com",
        "Subject: Test email from Example & Sons",
        "Message-ID: <1f@example.com>",
        "Date: Fri, 15 Jan 2027 08:00:00 +0000",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        "Content-Type: multipart/alternative;",
    ] {
        assert!(headers.lines().any(|line| line.starts_with(header)), "{header} is not in\n{headers}");
    }
    assert!(all.contains("Content-Type: text/plain; charset=utf-8"));
    assert!(all.contains("Content-Type: text/html; charset=utf-8"));
    let id = |headers: &str| headers.lines().find(|line| line.starts_with("Message-ID")).map(str::to_owned);
    assert_eq!(id(&wire(&letter).0), id(&headers));
}

#[test]
fn nothing_that_people_chose_adds_a_header() {
    let mut mailer = mailer(&[]).unwrap();
    mailer.wording.replace("test.txt", "Subject: To {{ username }}\n\nx".to_owned());
    for evil in
        ["a\r\nBcc: x@example.org", "a\nBcc: x@example.org", "a\rBcc: x", "a\u{2028}Bcc: x", "a\0\r\n\r\nb"]
    {
        let mut letter = letter(MessageKind::Test);
        letter.params.insert("username".to_owned(), evil.to_owned());
        let mime = mailer.compose(&letter).unwrap();
        let all = String::from_utf8(mime.bytes).unwrap();
        let headers = all.split("\r\n\r\n").next().unwrap();
        let names: Vec<_> = headers.lines().filter(|line| !line.starts_with(' ')).collect();
        assert_eq!(names.len(), 8, "{headers}");
        assert!(!names.iter().any(|line| line.to_lowercase().starts_with("bcc")), "{headers}");
    }
}

#[test]
fn an_address_that_cannot_stand_in_a_header_is_not_written_to() {
    let mailer = mailer(&[]).unwrap();
    for address in
        ["a@example.com\r\nBcc: b@example.com", "a@example.com>\r\nRCPT TO:<b@example.com", "nobody"]
    {
        let letter = OutboxMail { to: Email::from_stored(address.to_owned()), ..letter(MessageKind::Test) };
        let Err(ComposeError::Unwritable(error)) = mailer.compose(&letter) else { panic!("{address}") };
        assert_eq!(error.verdict(), RetryVerdict::Never);
    }
}

#[test]
fn letters_that_are_not_ascii_go_through_every_server() {
    let from = Config::from_settings(&[("mail.from", "Bücher <konto@bücher.example>")]).unwrap();
    let to = Email::parse("anna@bücher.example").unwrap();
    let message = Message::PasswordChanged { username: Username::from_stored("Änne 😀".to_owned()) };
    let letter = OutboxMail::new(message, to, Timestamp::from_seconds(0));
    let words = words(&mailer(&[]).unwrap(), &letter);
    let mime = pack(&from.mail.from.unwrap(), &letter, words).unwrap();
    assert!(mime.bytes.is_ascii());
    assert!(mime.envelope.to().iter().all(|to| to.to_string().is_ascii()));
    let all = String::from_utf8(mime.bytes).unwrap();
    assert!(all.contains("To: anna@xn--bcher-kva.example") && all.contains("=?utf-8?"), "{all}");
}

#[test]
fn every_address_that_can_register_can_be_written_to() {
    let long = format!("{}@example.com", "x".repeat(100));
    for (typed, written) in [
        ("x@[127.0.0.1]", "x@[127.0.0.1]"),
        ("x@[2001:db8::1]", "x@[IPv6:2001:db8::1]"),
        ("x@localhost", "x@localhost"),
        (r#""a.b@c"@example.com"#, r#""a.b@c"@example.com"#),
        (r#""a\ b"@example.com"#, r#""a\ b"@example.com"#),
        ("o'brien+tag@example.com", "o'brien+tag@example.com"),
        (long.as_str(), long.as_str()),
    ] {
        let letter = OutboxMail { to: Email::parse(typed).unwrap(), ..letter(MessageKind::Test) };
        let mime = mailer(&[]).unwrap().compose(&letter).unwrap_or_else(|error| panic!("{typed}: {error}"));
        assert_eq!(mime.envelope.to().iter().map(ToString::to_string).collect::<Vec<_>>(), [written]);
        let all = String::from_utf8(mime.bytes).unwrap();
        assert!(all.replace("\r\n ", " ").contains(&format!("To: {written}\r\n")), "{all}");
    }
}
