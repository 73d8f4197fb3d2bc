//! Properties that hold for any bytes from a client. Called by the fuzz targets with the inputs of libFuzzer,
//! and by `tests/it/fuzz_seeds.rs` with the seeds, so that the seeds run with every test.

pub(crate) mod job_mix;

use std::net::{IpAddr, Ipv4Addr};
use std::pin::pin;
use std::sync::LazyLock;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use actix_web::http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doorward::testing::accounts::inspect_file;
use doorward::testing::api;
use doorward::testing::app::Config;
use doorward::testing::brand::harmless_svg;
use doorward::testing::http::{HeadRefusal, RequestBuffer, RequestPart, last_untrusted};
use doorward::testing::mail::{MailWords, Values};
use doorward::testing::passwords::Encoding;
use doorward::testing::tokens::{KeyRing, Times, Tokens, read_key, to_pem};
use doorward::testing::types::{
    ApiKey, ApiKeyId, Email, Identifier, MailText, MailTextSource, PasswordHash, PublicId, SessionHandle,
    SigningKey, SuccessorKey, Timestamp, UserId, Username,
};
use doorward::testing::web::{NextUrl, read_multipart};

/// The content types: the first byte of an input is an index.
const CONTENT_TYPES: [&[u8]; 8] = [
    b"application/json",
    b"application/x-www-form-urlencoded",
    b"multipart/form-data; boundary=b",
    b"application/json; charset=utf-16",
    b"application/x-www-form-urlencoded; charset=latin-1",
    b"multipart/form-data; boundary=\"b b\"; charset=utf-8",
    b"multipart/form-data",
    b"*/*",
];

/// Parsing a login never panics, and an accepted name is neither blank nor untrimmed. If the first byte is
/// no index, the content type itself is in the input, up to a line feed.
pub(crate) fn login_body(input: &[u8]) {
    let Some((choice, rest)) = input.split_first() else { return };
    let (content_type, bytes) = match CONTENT_TYPES.get(usize::from(*choice)) {
        Some(known) => (*known, rest),
        None => rest.split_at(rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len())),
    };
    let _ = api::negotiate(Some(content_type), api::format_in(&String::from_utf8_lossy(bytes)).as_deref());
    let Ok(data) = api::read_body(Some(content_type), bytes) else { return };
    if let Ok(credentials) = api::parse_login(&data) {
        let name = credentials.identifier.as_str();
        assert!(!name.is_empty() && name.trim() == name && !name.contains('\0'));
        assert!(!credentials.password.expose().is_empty());
    }
}

/// Checking a token never panics. Unsigned bytes are never valid. With any signed claims, a valid token has
/// not expired.
pub(crate) fn access_token(input: &[u8]) {
    const KEY: &[u8] = b"the-key-of-the-fuzzer-0123456789-abcdefgh";
    let [access_lifetime, refresh_lifetime, leeway] = [60, 600, 0].map(Duration::from_secs);
    let times = Times { access_lifetime, refresh_lifetime, leeway };
    let keys = KeyRing::hs256(&SigningKey::new(KEY.to_vec()));
    let tokens = Tokens::new(keys, &SuccessorKey::new(KEY.to_vec()), times);
    let now = Timestamp::from_seconds(1_700_000_000);
    let forged = tokens.check_access(input, now);
    assert!(forged.is_err(), "a token without a signature is valid: {input:?}");
    let Ok(claims) = serde_json::from_slice::<serde_json::Value>(input) else { return };
    let header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256);
    let key = jsonwebtoken::EncodingKey::from_secret(KEY);
    let Ok(token) = jsonwebtoken::encode(&header, &claims, &key) else { return };
    if tokens.check_access(token.as_bytes(), now).is_ok() {
        assert!(claims["exp"].as_i64().is_none_or(|exp| exp > now.seconds()), "{claims}");
        assert!(claims["token_type"] == "access" && claims.get("jti").is_some(), "{claims}");
    }
    if let Ok(refresh) = tokens.check_refresh(token.as_bytes(), now) {
        let access = tokens.mint_access_from(&refresh, serde_json::Map::new(), now).unwrap();
        let access = tokens.check_access(access.expose().as_bytes(), now).unwrap();
        let record = tokens.successor_record(&refresh, now).unwrap();
        let next = tokens.mint_successor(&refresh, &record).unwrap();
        let next = tokens.check_refresh(next.expose().as_bytes(), now).unwrap();
        assert_eq!([&access.session, &next.claims.session], [&refresh.claims.session; 2]);
    }
    let session = SessionHandle::random();
    let user = PublicId::Integer(UserId::new(input.len() as i64));
    let minted = tokens.mint_access(&user, serde_json::Map::new(), &session, now).unwrap();
    assert_eq!(tokens.check_access(minted.expose().as_bytes(), now).unwrap().session, session);
}

/// Reading a stored hash never panics, and an accepted hash of bcrypt is written back as it was.
pub(crate) fn password_hash(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let stored = PasswordHash::from_stored(text.to_owned());
    if let Ok(Encoding::Bcrypt(hash)) = Encoding::parse(&stored) {
        assert_eq!(hash.encode().as_stored(), text);
    }
}

/// Reading a file of users never panics. Each user of its outline is read or reported, and reading it again gives the
/// same.
pub(crate) fn import_file(input: &[u8]) {
    let now = Timestamp::from_seconds(1_700_000_000);
    let Ok(read) = inspect_file(input, now) else { return };
    assert!(read.users.len() as u64 >= read.outlined, "{read:?}");
    assert_eq!(inspect_file(input, now).ok(), Some(read));
}

/// With any mix of passwords, salts, costs and arrivals, the lanes compute what the `bcrypt` crate computes.
pub(crate) fn lanes(input: &[u8]) {
    assert_eq!(job_mix::first_difference(input, 0), None);
}

/// The lines of an `X-Forwarded-For` never make a client that a proxy named look like the proxy, and what the
/// client wrote before the proxy's entry changes nothing.
pub(crate) fn forwarded_for(input: &[u8]) {
    const PROXY: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));
    let trusted = ["10.0.0.0/8".parse().unwrap()];
    let is_trusted = |address: IpAddr| address.to_string().starts_with("10.");
    let lines: Vec<&[u8]> = input.split(|byte| *byte == b'\n').collect();
    let client = last_untrusted(PROXY, &lines, &trusted);
    if !is_trusted(client) {
        let longer = [&[&b"198.51.100.7, \xff"[..]], &lines[..]].concat();
        assert_eq!(last_untrusted(PROXY, &longer, &trusted), client);
    }
    let other = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 9));
    assert_eq!(last_untrusted(other, &lines, &trusted), other);
    let appended = [&lines[..], &[b"203.0.113.9, 10.0.0.2"]].concat();
    assert_eq!(last_untrusted(PROXY, &appended, &trusted), other);
}

/// Reading an API key out of a header never panics; there is one way to write each key.
pub(crate) fn api_key(input: &[u8]) {
    let Some(sent) = api::key_in(input) else { return };
    assert_eq!(sent, sent.trim_ascii());
    if let Some(key) = ApiKey::parse(sent) {
        assert_eq!((key.expose().as_bytes(), sent.len()), (sent, ApiKey::LENGTH));
        assert_eq!(ApiKeyId::parse(&key.id.to_string()), Some(key.id));
    }
}

/// What is typed at a login is looked up by the key of the name or the address that it spells: in upper case, in
/// lower case and among white space. A key is its own key, and has no NUL.
pub(crate) fn identifiers(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let typed = Identifier::new(&text);
    let own = [typed.username_keys().pop().map(|key| key.as_str().to_owned())];
    for key in own.into_iter().chain([typed.email_keys().pop().map(|key| key.as_str().to_owned())]).flatten()
    {
        assert!(!key.contains('\0'), "{text:?}");
        assert_eq!(Username::from_stored(key.clone()).key().as_str(), key, "{text:?}");
    }
    for spelling in [text.to_string(), format!(" {text}\u{a0}"), text.to_lowercase()] {
        let typed = Identifier::new(&spelling);
        if let Ok(name) = Username::parse(&text) {
            assert!(typed.username_keys().contains(&name.key()), "{text:?} {spelling:?}");
        }
        if let Ok(email) = Email::parse(&text) {
            assert!(typed.email_keys().contains(&email.key()), "{text:?} {spelling:?}");
        }
    }
}

/// Requests are passed on alike whether their bytes arrive at once or in pieces of the size that the first byte
/// says.
pub(crate) fn request_framing(input: &[u8]) {
    let Some((size, bytes)) = input.split_first() else { return };
    let whole = passed_on(bytes, bytes.len().max(1));
    let pieces = passed_on(bytes, usize::from(*size).max(1));
    assert!(whole.0.len() <= bytes.len() && pieces.0.len() <= bytes.len());
    // What is not HTTP may be noticed at another byte; it ends the connection.
    if ![&whole.1, &pieces.1].into_iter().any(|end| matches!(end, Ok(RequestPart::NotHttp) | Err(_))) {
        assert_eq!(whole, pieces);
    }
}

/// The bytes that are passed on if each request is answered at once, and the part that is expected then.
fn passed_on(bytes: &[u8], size: usize) -> (Vec<u8>, Result<RequestPart, HeadRefusal>) {
    let (mut buffer, mut passed) = (RequestBuffer::default(), Vec::new());
    for piece in bytes.chunks(size) {
        if let Err(refusal) = buffer.push(piece) {
            return (passed, Err(refusal));
        }
        loop {
            passed.extend_from_slice(buffer.passable());
            buffer.pass(buffer.passable().len());
            if buffer.part() != RequestPart::Complete {
                break;
            }
            if let Err(refusal) = buffer.next_request() {
                return (passed, Err(refusal));
            }
        }
    }
    (passed, Ok(buffer.part()))
}

/// What is kept of an SVG is the same after another reading. Its elements and attributes run nothing and lead
/// nowhere, and no style sheet of it loads another file.
pub(crate) fn logo_svg(input: &[u8]) {
    let Some(svg) = std::str::from_utf8(input).ok().and_then(harmless_svg) else { return };
    assert_eq!(harmless_svg(&svg).as_ref(), Some(&svg));
    // Each `<` begins a tag and each value is in double quotes: in texts and values both are escaped.
    for (index, rest) in svg.match_indices('<').map(|(index, _)| (index, &svg[index + 1..])) {
        let (tag, text) = rest.split_once('>').unwrap();
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap();
        assert!(
            !["script", "foreignObject", "image", "feImage", "animate", "set", "a", "iframe"].contains(&name)
        );
        assert!(name.bytes().all(|byte| byte.is_ascii_alphabetic()), "{name:?} at {index} in {svg:?}");
        for attribute in tag.split("\" ").filter_map(|part| part.split_once("=\"")) {
            let name = attribute.0.rsplit(' ').next().unwrap().to_ascii_lowercase();
            assert!(!name.starts_with("on"), "{name} in {svg:?}");
            assert!(!name.ends_with("href") || attribute.1.trim_start().starts_with('#'), "{svg:?}");
            assert!(name.starts_with("xmlns") || loads_nothing(attribute.1), "{svg:?}");
        }
        assert!(name != "style" || loads_nothing(text.split('<').next().unwrap()), "{svg:?}");
    }
}

/// Whether each `url()` of a style sheet leads into the same file, and nothing else in it can load one.
fn loads_nothing(style: &str) -> bool {
    let style = style.to_ascii_lowercase().replace("&apos;", "'").replace("&quot;", "\"");
    let starts = |rest: &str| rest.trim_start_matches([' ', '\t', '\n', '\r', '"', '\'']).starts_with('#');
    !style.contains("@import") && !style.contains("image-set(") && style.split("url(").skip(1).all(starts)
}

/// Reading a private key never panics, and the public half of an accepted key is accepted, with the same id. The
/// first byte says what the rest is: the bytes of a PEM block with one of the labels, or with it a file in PEM or JSON.
pub(crate) fn signing_key(input: &[u8]) {
    const LABELS: [&str; 3] = ["PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY"];
    let Some((choice, rest)) = input.split_first() else { return };
    let file = match LABELS.get(usize::from(*choice)) {
        Some(label) => format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(rest)),
        None => String::from_utf8_lossy(input).into_owned(),
    };
    let Ok(key) = read_key(&file) else { return };
    let jwk: serde_json::Value = serde_json::from_str(&key.public_jwk).unwrap();
    assert_eq!([&jwk["kid"], &jwk["alg"]], [&key.kid, key.algorithm.as_str()]);
    let public = to_pem(&key.kid, key.algorithm, &key.public_jwk).unwrap();
    assert!(read_key(&public).is_err(), "a public key is no private one");
    assert_eq!(read_key(&file).unwrap().kid, key.kid);
}

/// Words of an email are read, or each error names a line that there is. What was read has a subject of one line,
/// and its link where it needs one; a value in it is not read again. The first byte chooses the text, the first
/// line is the subject.
pub(crate) fn mail_words(input: &[u8]) {
    let Some((choice, rest)) = input.split_first() else { return };
    let Some(text) = MailText::ALL.get(usize::from(*choice) % MailText::ALL.len()) else { return };
    let typed = String::from_utf8_lossy(rest);
    let (subject, body) = typed.split_once('\n').unwrap_or((&typed, ""));
    let source = MailTextSource { subject: subject.to_owned(), body: body.to_owned() };
    let words = match MailWords::parse(*text, &source) {
        Ok(words) => words,
        Err(errors) => {
            let lines = body.lines().count();
            assert!(
                !errors.is_empty() && errors.iter().all(|error| error.line.is_none_or(|line| line <= lines))
            );
            return;
        }
    };
    let values: Values = text.placeholders().map(|name| (name, format!("[{{{{ {name} }}}}]"))).collect();
    let (subject, plain) = (words.subject(&values), words.text(&values));
    assert!(!subject.is_empty() && !subject.chars().any(char::is_control), "{subject:?}");
    assert!(!text.needs_link() || plain.replace('\n', " ").contains("[{{ link }}]"), "{plain:?}");
    assert_eq!(plain.contains("{{"), plain.replace('\n', " ").contains("[{{ "), "{plain:?}");
}

/// The parameter `next` leads to this server or to a listed origin, as browsers read it.
pub(crate) fn next_url(input: &[u8]) {
    static CONFIG: LazyLock<Config> = LazyLock::new(|| {
        let settings = [
            ("public_url", "https://here.example"),
            ("signing_key", "a-signing-key-of-32-random-bytes!"),
            ("cors.allowed_origins", "https://app.example"),
        ];
        Config::from_settings(&settings).unwrap()
    });
    let Some(next) = NextUrl::parse(&String::from_utf8_lossy(input), &CONFIG) else { return };
    let page = url::Url::parse("https://here.example/account/sign-in").unwrap();
    let target = page.join(next.as_str()).unwrap();
    let origin = target.origin().ascii_serialization();
    assert!(["https://here.example", "https://app.example"].contains(&origin.as_str()), "{target}");
    assert!(target.username().is_empty() && target.password().is_none(), "{target}");
    let again = NextUrl::parse(next.as_str(), &CONFIG);
    assert_eq!(again.as_ref().map(NextUrl::as_str), Some(next.as_str()));
}

/// Reading the form of a page never panics and always ends, and fields that a browser sends come back as they were.
/// The bytes are the body, and the fields are what is between their line feeds.
pub(crate) fn page_form(input: &[u8]) {
    const BOUNDARY: &str = "----WebKitFormBoundary0123456789abcdef";
    let _ = multipart(input, "b");
    let texts = String::from_utf8_lossy(input).replace('\r', "");
    let values: Vec<&str> = texts.split('\n').filter(|text| !text.contains(BOUNDARY)).take(20).collect();
    let mut body = String::new();
    for value in &values {
        body += &format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\n{value}\r\n");
    }
    body += &format!("--{BOUNDARY}--\r\n");
    let fields = multipart(body.as_bytes(), BOUNDARY).unwrap();
    assert_eq!(fields.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>(), values);
}

fn multipart(body: &[u8], boundary: &str) -> Option<Vec<(String, String)>> {
    let mut headers = HeaderMap::new();
    let content_type = HeaderValue::from_str(&format!("multipart/form-data; boundary={boundary}")).unwrap();
    headers.insert(CONTENT_TYPE, content_type);
    let mut reading = pin!(read_multipart(&headers, body.to_vec().into()));
    // The whole body is there, so each poll goes on.
    for _ in 0..=body.len() {
        if let Poll::Ready(fields) = reading.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return fields.ok().flatten();
        }
    }
    panic!("the form is never read: {body:?}");
}
