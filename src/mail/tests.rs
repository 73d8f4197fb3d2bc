//! The text of each mail (`snapshots/`), templates of an operator, and what can get into a header.

use crate::mail::mime::encode;
use crate::mail::samples::sample;
use crate::mail::*;
use crate::texts::Lang;
use crate::types::{Email, GREETED_AS, MailText, MailTextSource, OneTimeKey, Timestamp, UID, Username};

/// The key in all snapshots.
const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn mailer(settings: &[(&str, &str)]) -> Result<Mailer, MailerError> {
    let mut all = vec![
        ("public_url", "https://accounts.example.com"),
        ("site.name", "Example & Sons"),
        ("site.url", "https://www.example.com"),
        ("site.colour", "#1d4ed8"),
        ("mail.from", "Example <accounts@example.com>"),
        ("mail.smtp.host", "mail.example.com"),
        ("mail.smtp.tls", "none"),
    ];
    all.extend_from_slice(settings);
    Mailer::new(&Config::from_settings(&all).unwrap())
}

/// A mail with a text in a language, the same each time.
fn mail_in(text: MailText, lang: Lang) -> OutboxMail {
    let sample = sample(text, Some(lang));
    let key = sample.key.as_ref().and_then(|_| OneTimeKey::parse(KEY));
    OutboxMail { key, message_id: "1f".to_owned(), ..sample }
}

/// A mail in English.
fn mail_of(text: MailText) -> OutboxMail {
    mail_in(text, Lang::English)
}

/// Every text in every language.
fn every_mail() -> impl Iterator<Item = OutboxMail> {
    MailText::ALL.iter().flat_map(|text| Lang::ALL.map(|lang| mail_in(*text, lang)))
}

fn render(mailer: &Mailer, mail: &OutboxMail) -> RenderedMail {
    mailer.means().templates.render(mail, None, KeyVisibility::Visible).unwrap()
}

fn refusal(file: &str, source: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(file), source).unwrap();
    let settings = [("mail.templates", folder.path().to_str().unwrap())];
    mailer(&settings).err().expect("a refusal").to_string()
}

#[test]
fn every_mail_matches_its_snapshot_in_every_language() {
    let mailer = mailer(&[]).unwrap();
    for text in MailText::ALL {
        for lang in Lang::ALL {
            let RenderedMail { subject, text: plain, html } = render(&mailer, &mail_in(*text, lang));
            let name = format!("{}.{}", text.as_str(), lang.tag());
            insta::assert_snapshot!(name, format!("{subject}\n\n{plain}\n{html}"));
        }
    }
}

#[test]
fn every_link_in_a_mail_leads_to_its_page_or_to_the_site() {
    let mailer = mailer(&[]).unwrap();
    let without_site = Mailer::new(&Config::from_settings(&[]).unwrap()).unwrap();
    for mail in every_mail() {
        let kind = mail.kind;
        let page = kind.link().map(|link| format!("https://accounts.example.com{}{KEY}", link.path()));
        let RenderedMail { text, html, .. } = render(&mailer, &mail);
        for link in html.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            let link = link.replace("&#x2f;", "/");
            assert!(link == "https://www.example.com/" || Some(&link) == page.as_ref(), "{kind:?}: {link}");
        }
        assert!(text.ends_with("Example & Sons\nhttps://www.example.com/\n"), "{text}");
        let RenderedMail { text, html, .. } = render(&without_site, &mail);
        assert!(text.ends_with("doorward\n"), "{text}");
        assert_eq!(html.matches("href=").count(), if page.is_some() { 2 } else { 0 }, "{html}");
    }
}

#[test]
fn a_stranger_cannot_put_a_link_into_a_mail_by_a_username() {
    let mailer = mailer(&[]).unwrap();
    for mut mail in every_mail() {
        mail.params.insert("username".to_owned(), "www.free-money.example".to_owned());
        mail.params.insert(GREETED_AS.to_owned(), "www…".to_owned());
        let RenderedMail { subject, text, html } = render(&mailer, &mail);
        assert!(!format!("{subject}{text}{html}").contains("free-money"), "{:?}", mail.kind);
    }
}

#[test]
fn a_link_leads_to_the_page_of_a_front_end_where_one_is_set() {
    let settings = [
        ("account.confirm_email_url", "https://app.example.com/activate/{uid}/{token}"),
        ("account.reset_password_url", "https://app.example.com/#/reset?uid={uid}&token={token}"),
    ];
    let mailer = mailer(&settings).unwrap();
    let rendered = |text, uid: Option<&str>| {
        let mut mail = mail_of(text);
        mail.params.extend(uid.map(|uid| (UID.to_owned(), uid.to_owned())));
        render(&mailer, &mail)
    };
    let confirm = rendered(MailText::ConfirmEmail, Some("MQ"));
    for part in [&confirm.text, &confirm.html] {
        assert!(part.contains(&format!("https://app.example.com/activate/MQ/{KEY}")), "{part}");
    }
    let reset = rendered(MailText::ResetPassword, Some("MQ"));
    assert!(
        reset.text.contains(&format!("https://app.example.com/#/reset?uid=MQ&token={KEY}")),
        "{}",
        reset.text
    );
    assert!(reset.html.contains(&format!("\"https://app.example.com/#/reset?uid=MQ&amp;token={KEY}\"")));
    // A mail of an earlier version does not have the id.
    let earlier = rendered(MailText::ConfirmEmail, None);
    assert!(earlier.text.contains(&format!("https://accounts.example.com/confirm-email/{KEY}")));
    let other = rendered(MailText::EmailChanged, Some("MQ"));
    assert!(other.text.contains("https://accounts.example.com/undo-email/"));
}

#[test]
fn a_mail_is_in_the_readers_language_and_else_in_that_of_the_setting() {
    let subject = |settings: &[(&str, &str)], language| {
        let mail = sample(MailText::Test, language);
        render(&mailer(settings).unwrap(), &mail).subject
    };
    let german = [("mail.language", "de")];
    assert_eq!(subject(&[], Some(Lang::German)), "Test-E-Mail von Example & Sons");
    assert_eq!(subject(&german, Some(Lang::English)), "Test email from Example & Sons");
    assert_eq!(subject(&german, None), "Test-E-Mail von Example & Sons");
    assert_eq!(subject(&[], None), "Test email from Example & Sons");
}

#[test]
fn a_template_for_one_text_and_language_comes_before_one_for_all() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, subject: &str| {
        std::fs::write(folder.path().join(name), format!("Subject: {subject}\n\n{{{{ link }}}}\n")).unwrap();
    };
    write("reset_password.txt", "all {{ cause }}");
    write("reset_password_by_administrator.de.txt", "special");
    let own = mailer(&[("mail.templates", folder.path().to_str().unwrap())]).unwrap();
    let subject = |text, lang| render(&own, &mail_in(text, lang)).subject;
    assert_eq!(subject(MailText::ResetPassword, Lang::German), "all owner");
    assert_eq!(subject(MailText::ResetPasswordByAdministrator, Lang::English), "all administrator");
    assert_eq!(subject(MailText::ResetPasswordByAdministrator, Lang::German), "special");
}

#[test]
fn edited_words_make_both_parts_and_come_after_a_template_of_the_operator() {
    let source = MailTextSource {
        subject: "For {{ username }}".to_owned(),
        body: "A <b> & {{ username }}".to_owned(),
    };
    let words = MailWords::parse(MailText::PasswordChanged, &source).unwrap();
    let mut mail = mail_of(MailText::PasswordChanged);
    mail.params.insert("username".to_owned(), "<i>".to_owned());
    let rendered = |mailer: &Mailer| {
        mailer.means().templates.render(&mail, Some(&words), KeyVisibility::Visible).unwrap()
    };
    let RenderedMail { subject, text, html } = rendered(&mailer(&[]).unwrap());
    assert_eq!(subject, "For <i>");
    assert!(text.starts_with("A <b> & <i>\n"), "{text}");
    assert!(html.contains("<p>A &lt;b&gt; &amp; &lt;i&gt;</p>"), "{html}");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("password_changed.txt"), "Subject: Mine\n\nMine.\n").unwrap();
    let own = rendered(&mailer(&[("mail.templates", folder.path().to_str().unwrap())]).unwrap());
    assert_eq!((own.subject.as_str(), own.text.as_str()), ("Mine", "Mine.\n"));
    assert_eq!(own.html, html);
}

#[test]
fn a_template_may_begin_with_a_byte_order_mark() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("test.txt"), "\u{feff}Subject: Mine\r\n\r\nText.\r\n").unwrap();
    let own = mailer(&[("mail.templates", folder.path().to_str().unwrap())]).unwrap();
    let RenderedMail { subject, text, .. } = render(&own, &mail_of(MailText::Test));
    assert_eq!((subject.as_str(), text.as_str()), ("Mine", "Text.\n"));
}

#[test]
fn a_link_is_the_public_url_the_path_of_its_kind_and_the_key() {
    let mailer = mailer(&[]).unwrap();
    let links = [
        (MailText::ConfirmEmail, "confirm-email"),
        (MailText::EmailChanged, "undo-email"),
        (MailText::ResetPassword, "reset-password"),
        (MailText::Invite, "accept-invite"),
    ];
    for (kind, path) in links {
        let link = format!("https://accounts.example.com/{path}/{KEY}");
        let rendered = render(&mailer, &mail_of(kind));
        assert!(rendered.text.contains(&format!("\n{link}\n")), "{}", rendered.text);
        assert!(rendered.html.contains(&format!("href=\"{link}\"")), "{}", rendered.html);
    }
}

#[test]
fn no_mail_loads_external_content() {
    let mailer = mailer(&[]).unwrap();
    for mail in every_mail() {
        let html = render(&mailer, &mail).html;
        for loads in ["<img", "src=", "url(", "<link", "@import", "<script"] {
            assert!(!html.contains(loads), "{:?}: {loads}", mail.kind);
        }
    }
}

#[test]
fn a_preview_has_everything_but_the_key() {
    let mailer = mailer(&[]).unwrap();
    let waiting = mail_of(MailText::ResetPassword);
    let preview = mailer.preview(&waiting, None).unwrap();
    let all = format!("{preview:?}");
    assert!(!all.contains(KEY) && all.contains("/reset-password/(hidden)"), "{all}");
    assert_eq!(preview.headers[3], ("Message-ID", "<1f@example.com>".to_owned()));
    let sent = mailer.preview(&OutboxMail { key: None, ..waiting }, None).unwrap();
    assert!(sent.mail.text.contains("/reset-password/(removed)"), "{}", sent.mail.text);
}

#[test]
fn a_template_of_the_operator_replaces_one_built_in_template() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("test.txt"), "Subject: Hé {{ site }}\r\n\r\nMine.\r\n").unwrap();
    let own = mailer(&[("mail.templates", folder.path().to_str().unwrap())]).unwrap();
    let RenderedMail { subject, text, html } = render(&own, &mail_of(MailText::Test));
    assert_eq!((subject.as_str(), text.as_str()), ("Hé Example & Sons", "Mine.\n"));
    let usual = mailer(&[]).unwrap();
    assert_eq!(html, render(&usual, &mail_of(MailText::Test)).html);
    let invite = mail_of(MailText::Invite);
    assert_eq!(render(&own, &invite), render(&usual, &invite));
}

#[test]
fn a_broken_template_is_refused_with_its_name_line_and_error() {
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
fn markup_in_a_name_is_escaped_in_html() {
    let mailer = mailer(&[("site.name", "<b>Site</b>")]).unwrap();
    let mut mail = mail_of(MailText::PasswordChanged);
    mail.params.insert("username".to_owned(), "<script>\"".to_owned());
    let rendered = render(&mailer, &mail);
    assert!(!rendered.html.contains("<script>") && !rendered.html.contains("<b>Site"), "{}", rendered.html);
    assert!(rendered.text.contains("<script>\""));
}

/// The mail as it is sent: its headers, and all of it.
fn wire(mail: &OutboxMail) -> (String, String) {
    let mime = mailer(&[]).unwrap().compose(mail, None).unwrap();
    let all = String::from_utf8(mime.bytes).unwrap();
    (all.split("\r\n\r\n").next().unwrap().to_owned(), all)
}

#[test]
fn headers_are_those_of_an_automatic_mail_and_the_same_each_time() {
    let mail = mail_of(MailText::Test);
    let (headers, all) = wire(&mail);
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
    assert_eq!(id(&wire(&mail).0), id(&headers));
}

#[test]
fn a_value_from_a_user_cannot_add_a_header() {
    let mailer = mailer(&[]).unwrap();
    let template = "Subject: To {{ username }}\n\nx".to_owned();
    mailer.means.send_modify(|means| {
        Arc::get_mut(means).unwrap().templates.replace("test.txt", template.clone());
    });
    for evil in
        ["a\r\nBcc: x@example.org", "a\nBcc: x@example.org", "a\rBcc: x", "a\u{2028}Bcc: x", "a\0\r\n\r\nb"]
    {
        let mut mail = mail_of(MailText::Test);
        mail.params.insert("username".to_owned(), evil.to_owned());
        let mime = mailer.compose(&mail, None).unwrap();
        let all = String::from_utf8(mime.bytes).unwrap();
        let headers = all.split("\r\n\r\n").next().unwrap();
        let names: Vec<_> = headers.lines().filter(|line| !line.starts_with(' ')).collect();
        assert_eq!(names.len(), 8, "{headers}");
        assert!(!names.iter().any(|line| line.to_lowercase().starts_with("bcc")), "{headers}");
    }
}

#[test]
fn an_address_that_is_invalid_in_a_header_is_refused() {
    let mailer = mailer(&[]).unwrap();
    for address in
        ["a@example.com\r\nBcc: b@example.com", "a@example.com>\r\nRCPT TO:<b@example.com", "nobody"]
    {
        let mail = OutboxMail { to: Email::from_stored(address.to_owned()), ..mail_of(MailText::Test) };
        let Err(ComposeError::Invalid(error)) = mailer.compose(&mail, None) else { panic!("{address}") };
        assert!(error.is_permanent() && error.scope() == FailureScope::This);
    }
}

#[test]
fn non_ascii_texts_are_sent_as_ascii() {
    let from = Config::from_settings(&[("mail.from", "Bücher <konto@bücher.example>")]).unwrap();
    let to = Email::parse("anna@bücher.example").unwrap();
    let message = Message::PasswordChanged { username: Username::from_stored("Änne 😀".to_owned()) };
    let mail = NewMail { user: None, to, message, is_confirmed: true, language: None };
    let mail = OutboxMail::new(mail, Timestamp::from_seconds(0));
    let rendered = render(&mailer(&[]).unwrap(), &mail);
    let mime = encode(&from.mail.from.unwrap(), &mail, rendered, None).unwrap();
    assert!(mime.bytes.is_ascii());
    assert!(mime.envelope.to().iter().all(|to| to.to_string().is_ascii()));
    let all = String::from_utf8(mime.bytes).unwrap();
    assert!(all.contains("To: anna@xn--bcher-kva.example") && all.contains("=?utf-8?"), "{all}");
}

#[test]
fn every_address_that_can_register_can_get_mails() {
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
        let mail = OutboxMail { to: Email::parse(typed).unwrap(), ..mail_of(MailText::Test) };
        let mime =
            mailer(&[]).unwrap().compose(&mail, None).unwrap_or_else(|error| panic!("{typed}: {error}"));
        assert_eq!(mime.envelope.to().iter().map(ToString::to_string).collect::<Vec<_>>(), [written]);
        let all = String::from_utf8(mime.bytes).unwrap();
        assert!(all.replace("\r\n ", " ").contains(&format!("To: {written}\r\n")), "{all}");
    }
}

/// A mail with this logo in the settings: as it is sent, its preview, and its plain text.
fn with_logo(file: Option<&[u8]>) -> (String, Preview, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("logo");
    let settings = match file {
        Some(bytes) => {
            std::fs::write(&path, bytes).unwrap();
            vec![("site.logo", path.to_str().unwrap())]
        }
        None => Vec::new(),
    };
    let (mailer, mail) = (mailer(&settings).unwrap(), mail_of(MailText::Test));
    let sent = mailer.compose(&mail, None).unwrap();
    let (preview, text) = (mailer.preview(&mail, None).unwrap(), render(&mailer, &mail).text);
    (String::from_utf8(sent.bytes).unwrap(), preview, text)
}

#[test]
fn a_mail_has_the_logo_as_a_part_that_its_html_names() {
    let (sent, preview, text) = with_logo(Some(b"\x89PNG\r\n\x1a\nrest"));
    let related = sent.split_once("Content-Type: multipart/related;").unwrap().1;
    for part in [
        "src=3D\"cid:logo@doorward\"",
        "Content-ID: <logo@doorward>",
        "Content-Type: image/png",
        "iVBORw0KGgpyZXN0",
    ] {
        assert!(related.replace("=\r\n", "").contains(part), "{part} is not in\n{related}");
    }
    assert!(related.contains("Content-Disposition: inline"), "{related}");
    assert!(
        preview.mail.html.contains("src=\"data:image/png;base64,iVBORw0KGgpyZXN0\""),
        "{}",
        preview.mail.html
    );
    assert_eq!(text, with_logo(None).2, "the plain text is the same");
}

#[test]
fn a_logo_that_mail_programs_do_not_display_is_left_out() {
    for file in
        [None, Some(&b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"[..]), Some(b"RIFF\0\0\0\0WEBPVP8 ")]
    {
        let (sent, preview, _) = with_logo(file);
        assert!(!sent.contains("multipart/related") && !sent.contains("<img"), "{sent}");
        let html = preview.mail.html;
        assert!(
            !html.contains("<img") && html.contains("font-weight:600\">Example &amp; Sons</p>"),
            "{html}"
        );
    }
}
