//! Checks whether libpq can read a PostgreSQL URL: its percent-encoding, ports and parameters (PostgreSQL
//! documentation, "Connection URIs" and "Parameter Key Words"). So an error that does not go away by waiting
//! for the server is reported at once.
//!
//! No message repeats a text that may be a part of a password.

use std::net::IpAddr;

/// The type of a parameter's value.
enum UrlParam {
    Text,
    /// A whole number, as `parse_int_param` reads it (`fe-connect.c`).
    Whole,
    OneOf(&'static [&'static str]),
}

use UrlParam::{OneOf, Text, Whole};

/// The parameters of libpq up to PostgreSQL 18. An older libpq reports itself which it does not know.
const PARAMETERS: &[(&str, UrlParam)] = &[
    ("application_name", Text),
    ("channel_binding", OneOf(&["disable", "prefer", "require"])),
    ("client_encoding", Text),
    ("connect_timeout", Whole),
    ("dbname", Text),
    ("fallback_application_name", Text),
    ("gssdelegation", Text),
    ("gssencmode", OneOf(&["disable", "prefer", "require"])),
    ("gsslib", Text),
    ("host", Text),
    ("hostaddr", Text),
    ("keepalives", Whole),
    ("keepalives_count", Whole),
    ("keepalives_idle", Whole),
    ("keepalives_interval", Whole),
    ("krbsrvname", Text),
    ("load_balance_hosts", OneOf(&["disable", "random"])),
    ("max_protocol_version", Text),
    ("min_protocol_version", Text),
    ("oauth_client_id", Text),
    ("oauth_client_secret", Text),
    ("oauth_issuer", Text),
    ("oauth_scope", Text),
    ("options", Text),
    ("passfile", Text),
    ("password", Text),
    ("port", Text),
    ("replication", Text),
    ("require_auth", Text),
    ("requirepeer", Text),
    ("scram_client_key", Text),
    ("scram_server_key", Text),
    ("service", Text),
    ("servicefile", Text),
    ("ssl_max_protocol_version", Text),
    ("ssl_min_protocol_version", Text),
    ("sslcert", Text),
    ("sslcertmode", OneOf(&["disable", "allow", "require"])),
    ("sslcompression", Text),
    ("sslcrl", Text),
    ("sslcrldir", Text),
    ("sslkey", Text),
    ("sslkeylogfile", Text),
    ("sslmode", OneOf(&["disable", "allow", "prefer", "require", "verify-ca", "verify-full"])),
    ("sslnegotiation", OneOf(&["postgres", "direct"])),
    ("sslpassword", Text),
    ("sslrootcert", Text),
    ("sslsni", Text),
    (
        "target_session_attrs",
        OneOf(&["any", "read-write", "read-only", "primary", "standby", "prefer-standby"]),
    ),
    ("tcp_user_timeout", Whole),
    ("user", Text),
];

/// Checks the text after `postgres://`, split into parts as by libpq (`fe-connect.c`,
/// `conninfo_uri_parse_options`).
///
/// # Errors
/// What is wrong, in words.
pub(super) fn check(rest: &str) -> Result<(), String> {
    UrlPart::of_url(rest)?.check()
}

/// Whether each server is on this machine, or is verified by its certificate and name. A service file is not
/// read, so what it names counts as protected.
pub(super) fn is_protected(rest: &str) -> bool {
    let Ok(place) = UrlPart::of_url(rest) else { return true };
    let hosts = place.addresses.as_ref().or(place.hosts.as_ref());
    place.has_service
        || place.ssl_mode.as_deref() == Some("verify-full")
        || hosts.is_none_or(|hosts| hosts.split(',').all(is_this_machine))
}

/// A folder of sockets, an abstract socket, or a loopback address. Without a name it is libpq's default, a
/// folder of sockets.
fn is_this_machine(host: &str) -> bool {
    let host = decoded(host).unwrap_or_default();
    host.is_empty()
        || host.starts_with(['/', '@'])
        || host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}

impl UrlPart {
    fn of_url(rest: &str) -> Result<Self, String> {
        let (login, rest) = match rest.find(['@', '/']).and_then(|at| rest.get(..at).zip(rest.get(at..))) {
            Some((login, rest)) if rest.starts_with('@') => (login, rest.get(1..).unwrap_or_default()),
            _ => ("", rest),
        };
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (servers, database) = place.split_once('/').unwrap_or((place, ""));
        decoded(login).ok_or_else(|| bad_percent("the user or the password"))?;
        decoded(servers).ok_or_else(|| bad_percent("the host"))?;
        decoded(database).ok_or_else(|| bad_percent("the name of the database"))?;
        let mut place = UrlPart::read(servers)?;
        parameters(query, &mut place)?;
        Ok(place)
    }
}

fn bad_percent(of: &str) -> String {
    format!("{of} has a % that begins no percent-encoded character; a % itself is written %25")
}

/// The resulting hosts and ports, as comma-separated lists.
struct UrlPart {
    hosts: Option<String>,
    addresses: Option<String>,
    ports: Option<String>,
    ssl_mode: Option<String>,
    has_service: bool,
}

impl UrlPart {
    /// `HOST:PORT,…` as it stands before the database.
    fn read(servers: &str) -> Result<Self, String> {
        let (mut hosts, mut ports) = (Vec::new(), Vec::new());
        for server in servers.split(',') {
            let (host, port) = match server.strip_prefix('[') {
                Some(rest) => {
                    let closed = rest.split_once(']').filter(|(host, _)| !host.is_empty());
                    let (host, rest) = closed.ok_or("an IPv6 address is written in brackets: [::1]")?;
                    if !rest.is_empty() && !rest.starts_with(':') {
                        return Err("behind the ] of an IPv6 address stands :PORT or nothing".to_owned());
                    }
                    (host, rest.strip_prefix(':').unwrap_or_default())
                }
                None => server.split_once(':').unwrap_or((server, "")),
            };
            hosts.push(host);
            ports.push(decoded(port).unwrap_or_default());
        }
        let list = |list: String| Some(list).filter(|list| !list.is_empty());
        Ok(Self {
            hosts: list(hosts.join(",")),
            addresses: None,
            ports: list(ports.join(",")),
            ssl_mode: None,
            has_service: false,
        })
    }

    fn check(&self) -> Result<(), String> {
        let Some(ports) = &self.ports else { return Ok(()) };
        let ports: Vec<&str> = ports.split(',').collect();
        let is_port = |port: &&str| port.is_empty() || port.trim().parse::<u16>().is_ok_and(|port| port > 0);
        if !ports.iter().all(is_port) {
            return Err("a port is not a number from 1 to 65535 \
                        (a / or : in the password is written %2F or %3A)"
                .to_owned());
        }
        let hosts = self.addresses.as_ref().or(self.hosts.as_ref()).map_or(1, |list| list.split(',').count());
        if ports.len() > 1 && ports.len() != hosts && !self.has_service {
            return Err(format!(
                "it has {} ports for {hosts} hosts; give one for all or one for each",
                ports.len()
            ));
        }
        Ok(())
    }
}

/// Checks `NAME=VALUE&…`, and puts hosts and ports into `place`.
fn parameters(query: &str, place: &mut UrlPart) -> Result<(), String> {
    // After a password with a raw `@` or `&`, a text that looks like a name may be the rest of it.
    let mut may_be_named = !query.contains('@');
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair
            .split_once('=')
            .filter(|(_, value)| !value.contains('='))
            .ok_or("a parameter behind the ? is not NAME=VALUE (a = within a value is written %3D)")?;
        let name = decoded(name).ok_or_else(|| bad_percent("the name of a parameter"))?;
        if name == "ssl" && value == "true" {
            continue; // As JDBC writes `sslmode=require`; libpq takes it in URLs.
        }
        let Some((known, kind)) = PARAMETERS.iter().find(|(known, _)| *known == name) else {
            let is_plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            return Err(match may_be_named && is_plain {
                true => format!("libpq knows no parameter `{name}`"),
                false => "behind the ? is a parameter that libpq does not know".to_owned(),
            });
        };
        let value = decoded(value).ok_or_else(|| bad_percent(&format!("the value of {known}")))?;
        kind.check(known, &value)?;
        match *known {
            "host" => place.hosts = Some(value),
            "hostaddr" => place.addresses = Some(value),
            "port" => place.ports = Some(value),
            "sslmode" => place.ssl_mode = Some(value),
            "service" => place.has_service = true,
            _ => {}
        }
        may_be_named &= !known.contains("pass") && !known.contains("secret");
    }
    Ok(())
}

impl UrlParam {
    fn check(&self, name: &str, value: &str) -> Result<(), String> {
        match self {
            Text => Ok(()),
            Whole if value.trim().parse::<i32>().is_ok() => Ok(()),
            Whole => Err(format!("{name} is not a whole number")),
            OneOf(words) if words.contains(&value) => Ok(()),
            OneOf(words) => Err(format!("{name} is none of {}", words.join(", "))),
        }
    }
}

/// The text behind percent-encoding, unless that is broken or spells a NUL.
fn decoded(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (code, rest) = part.split_at_checked(2)?;
        let is_hex = code.bytes().all(|byte| byte.is_ascii_hexdigit());
        let byte = u8::from_str_radix(code, 16).ok().filter(|byte| is_hex && *byte != 0)?;
        bytes.push(byte);
        bytes.extend_from_slice(rest.as_bytes());
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_that_libpq_reads_is_accepted() {
        for good in [
            "h/d",
            "/d",
            "?host=h",
            "u:p@h:5432/d",
            "u:p%40%2F%25@h/d",
            "u:p?x@h/d",
            "u@[::1]:5432/d",
            "a:1,b:2,c/d?target_session_attrs=read-write",
            "a,b/d?port=6432",
            "a,b/d?port=1,2",
            "a,b/d?hostaddr=192.0.2.1,192.0.2.2&port=1,2",
            "%2Fvar%2Frun%2Fpostgresql/d",
            "h/d?sslmode=verify-full&sslrootcert=/etc/ca.pem&connect_timeout=10&",
            "h/d?ssl=true",
            "h/d?options=-c%20search_path%3Dx&keepalives=0&application_name=a",
            "h/d?p%61ssword=x",
            "h:/d",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn a_server_elsewhere_is_protected_only_by_a_verified_name() {
        for (url, protected) in [
            ("h/d", false),
            ("u:p@10.0.0.1/d?sslmode=require", false),
            ("h/d?sslmode=verify-ca", false),
            ("h/d?sslmode=verify-full", true),
            ("h/d?ssl%6Dode=verify-full", true),
            ("h/d?sslmode=verify-full&sslmode=prefer", false),
            ("localhost/d", true),
            ("127.0.0.1:5432/d?sslmode=disable", true),
            ("[::1]/d", true),
            ("/d", true),
            ("%2Fvar%2Frun%2Fpostgresql/d", true),
            ("/d?host=/tmp", true),
            ("/d?host=h", false),
            ("localhost,h/d", false),
            ("h/d?hostaddr=127.0.0.1", true),
            ("localhost/d?hostaddr=10.0.0.1", false),
            ("localhost.example.com/d", false),
            ("/d?service=x", true),
        ] {
            assert_eq!(is_protected(url), protected, "{url}");
        }
    }

    #[test]
    fn a_url_that_libpq_refuses_is_refused_with_the_reason() {
        for (bad, said) in [
            ("h/d?sslmode=nonsense", "sslmode is none of disable, allow"),
            ("h/d?sslmode=", "sslmode is none of"),
            ("h/d?nonsense=1", "knows no parameter `nonsense`"),
            ("h/d?ssl=maybe", "knows no parameter `ssl`"),
            ("h/d?target_session_attrs=foo", "target_session_attrs is none of any, read-write"),
            ("h/d?connect_timeout=abc", "connect_timeout is not a whole number"),
            ("h/d?connect_timeout=9999999999", "connect_timeout is not a whole number"),
            ("h/d?sslmode", "is not NAME=VALUE"),
            ("h/d?options=-c a=b", "is not NAME=VALUE"),
            ("h:abc/d", "a port is not a number from 1 to 65535"),
            ("h:0/d", "a port is not"),
            ("h:65536/d", "a port is not"),
            ("h/d?port=-1", "a port is not"),
            ("u:p%zz@h/d", "the user or the password has a %"),
            ("u%:p@h/d", "the user or the password has a %"),
            ("u:p%00@h/d", "the user or the password has a %"),
            ("h%/d", "the host has a %"),
            ("h/d%4", "the name of the database has a %"),
            ("h/d?user=%", "the value of user has a %"),
            ("h/d?port=1,2", "2 ports for 1 hosts"),
            ("a,b/d?port=1,2,3", "3 ports for 2 hosts"),
            ("[::1/d", "an IPv6 address"),
            ("[::1]x/d", "behind the ]"),
        ] {
            let refusal = check(bad).unwrap_err();
            assert!(refusal.contains(said), "{bad}: {refusal}");
        }
    }

    #[test]
    fn no_message_repeats_a_part_of_a_password() {
        for bad in [
            "u:a/hunter@h/d",
            "u:/b?hunter=@h/d",
            "u:/b?x=1&hunter=2@h/d",
            "h/d?password=a&hunter=b",
            "h/d?password=a%hunter",
            "u:hunter%@h/d",
            "u:hunter/@h",
        ] {
            let refusal = check(bad).unwrap_err();
            assert!(!refusal.contains("hunter"), "{bad}: {refusal}");
        }
    }
}
