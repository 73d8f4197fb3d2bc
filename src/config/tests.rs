//! Loading as a whole: which source wins, the message of each mistake, and that no secret is printed.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use proptest::prelude::*;

use super::*;
use crate::types::DatabaseUrl;

/// A working directory of its own, gone with the value.
struct Cwd(PathBuf);

impl Cwd {
    fn new(test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("doorward-config-{}-{test}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn with(test: &str, toml: &str) -> Self {
        let cwd = Self::new(test);
        fs::write(cwd.0.join("doorward.toml"), toml).unwrap();
        cwd
    }

    fn load(&self, env: &[(&str, &str)], flags: Vec<Flag>) -> Result<Config, ConfigError> {
        load(&self.0, None, env, flags)
    }
}

impl Drop for Cwd {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn load(
    cwd: &Path,
    file: Option<&str>,
    env: &[(&str, &str)],
    flags: Vec<Flag>,
) -> Result<Config, ConfigError> {
    let env = env.iter().map(|(name, value)| (name.to_string(), OsString::from(value)));
    Config::load(Sources { file: file.map(PathBuf::from), cwd, env, flags })
}

/// The message for one bad setting given with `--set`.
fn refusal(name: &str, text: &str) -> String {
    let message = Config::from_settings(&[(name, text)]).unwrap_err().to_string();
    let first = "the configuration has a problem:\n  ";
    message.strip_prefix(first).unwrap().to_owned()
}

fn described(config: &Config, name: &str) -> (String, String) {
    let line = config.describe().iter().find(|line| line.name == name).unwrap();
    (line.value.clone(), line.origin.to_string())
}

#[test]
fn the_defaults_are_those_that_are_declared() {
    let config = Config::default();
    assert_eq!(config.listen.to_string(), "127.0.0.1:8000");
    assert_eq!(config.database_url, DatabaseUrl::Sqlite("doorward.db".into()));
    assert!(config.signing_key.is_none());
    assert_eq!(config.public_url.origin(), "http://127.0.0.1:8000");
    assert_eq!(config.access_token_lifetime, Duration::from_secs(86_400));
    assert_eq!(config.password.cost.get(), 12);
    assert_eq!(config.password.queue, 256);
    assert!(config.limits.enabled);
    assert_eq!(config.limits.failed_logins_per_account, 10);
    assert_eq!(config.limits.failed_logins_per_address, 100);
    assert_eq!(config.limits.failed_logins_window, Duration::from_secs(300));
    assert_eq!(config.limits.max_body, 128 << 10);
    assert!(config.trusted_proxies.is_empty() && config.cors.allowed_origins.is_empty());
    assert_eq!((config.log.level, config.log.format), (LogLevel::Info, LogFormat::Auto));
    assert_eq!((config.site.name.as_str(), config.mail.attempts), ("doorward", 10));
    assert!(config.mail.from.is_none() && config.mail.smtp.is_none());
    assert_eq!(config.server.shutdown_timeout, Duration::from_secs(30));
}

#[test]
fn each_source_beats_the_ones_before_it_and_is_reported_as_the_origin() {
    let cwd = Cwd::with("precedence", "listen = '1.1.1.1:1'\n[password]\ncost = 5\nqueue = 7\n");
    let env = [("DOORWARD_LISTEN", "2.2.2.2:2"), ("DOORWARD_PASSWORD__COST", "6")];
    let config = cwd.load(&env, vec![Flag::own("listen", "3.3.3.3:3")]).unwrap();

    let origin = |name| described(&config, name);
    assert_eq!(origin("listen"), ("3.3.3.3:3".into(), "--listen".into()));
    assert_eq!(origin("password.cost"), ("6".into(), "DOORWARD_PASSWORD__COST".into()));
    assert_eq!(origin("password.queue"), ("7".into(), "doorward.toml, line 4".into()));
    assert_eq!(origin("password.threads"), ("0".into(), "default".into()));
    assert_eq!(origin("public_url"), ("http://3.3.3.3:3".into(), "default".into()));
    assert_eq!(config.listen.to_string(), "3.3.3.3:3");
    assert_eq!((config.password.cost.get(), config.password.queue), (6, 7));
}

#[test]
fn the_later_of_two_flags_wins() {
    let config = Config::from_settings(&[("password.cost", "5"), ("password.cost", "6")]).unwrap();
    assert_eq!(config.password.cost.get(), 6);
}

#[test]
fn the_flag_names_the_file_else_the_environment_else_the_default() {
    let cwd = Cwd::with("which-file", "password.cost = 4");
    fs::write(cwd.0.join("a.toml"), "password.cost = 5").unwrap();
    fs::write(cwd.0.join("b.toml"), "password.cost = 6").unwrap();
    let cost = |file, env: &[_]| load(&cwd.0, file, env, vec![]).unwrap().password.cost.get();
    let env = [("DOORWARD_CONFIG", "b.toml")];
    assert_eq!(cost(Some("a.toml"), &env), 5);
    assert_eq!(cost(None, &env), 6);
    assert_eq!(cost(None, &[]), 4);
}

#[test]
fn a_former_name_of_a_setting_still_works_in_every_source() {
    let cwd = Cwd::with("former", "mail.keep = '1d'\n");
    let env = [("DOORWARD_DATABASE__WAIT_FOR", "3s")];
    let config = cwd.load(&env, vec![Flag::set("limits.body", "2 KiB")]).unwrap();
    assert_eq!(config.mail.retention, Duration::from_secs(86_400));
    assert_eq!(config.database.startup_timeout, Duration::from_secs(3));
    assert_eq!(config.limits.max_body, 2048);
    assert_eq!(described(&config, "mail.retention").1, "doorward.toml, line 1");
    assert_eq!(config.warnings().len(), 3);
}

#[test]
fn only_a_named_file_must_exist() {
    let cwd = Cwd::new("missing");
    assert!(cwd.load(&[], vec![]).is_ok());
    let by_flag = load(&cwd.0, Some("no.toml"), &[], vec![]).unwrap_err().to_string();
    assert!(by_flag.contains("cannot read no.toml, named by --config: "), "{by_flag}");
    let by_env = cwd.load(&[("DOORWARD_CONFIG", "no.toml")], vec![]).unwrap_err().to_string();
    assert!(by_env.contains("cannot read no.toml, named by DOORWARD_CONFIG: "), "{by_env}");
}

#[test]
fn lists_are_the_same_from_file_and_environment() {
    let cwd = Cwd::with("lists", "trusted_proxies = ['10.0.0.0/8', '::1']\n");
    let from_file = cwd.load(&[], vec![]).unwrap().trusted_proxies;
    let env = [("DOORWARD_TRUSTED_PROXIES", "10.0.0.0/8, ::1")];
    let from_env = cwd.load(&env, vec![]).unwrap().trusted_proxies;
    assert_eq!(from_file, from_env);
    assert_eq!(from_file.len(), 2);
}

#[test]
fn all_problems_are_reported_at_once() {
    let cwd = Cwd::with("all", "listn = ':1'\n[password]\ncost = 40\nqueu = 1\n");
    let env = [
        ("DOORWARD_DATABSE_URL", "x"),
        ("DOORWARD_PASSWORD_THREADS", "1"),
        ("DOORWARD_LOG__LEVEL", "loud"),
        ("DOORWARD_SERVICE_PORT", "80"),
    ];
    let flags = vec![Flag::own("listen", ":8000"), Flag::set("qqqq", "")];
    let message = cwd.load(&env, flags).unwrap_err().to_string();
    let expected = "\
the configuration has 8 problems:
  unknown setting `listn` in doorward.toml, line 1; did you mean `listen`?
  unknown setting `password.queu` in doorward.toml, line 4; did you mean `password.queue`?
  unknown setting `DOORWARD_DATABSE_URL` in the environment; did you mean `DOORWARD_DATABASE_URL`?
  unknown setting `DOORWARD_PASSWORD_THREADS` in the environment; did you mean `DOORWARD_PASSWORD__THREADS`?
  unknown setting `qqqq` in --set
  invalid `listen` in --listen: `:8000`; expected an IP address and a port, such as 127.0.0.1:8000, or 0.0.0.0:8000 for all addresses
  invalid `password.cost` in doorward.toml, line 3: `40`; expected a whole number from 4 to 31
  invalid `log.level` in DOORWARD_LOG__LEVEL: `loud`; expected one of error, warn, info, debug, trace";
    assert_eq!(message, expected);
}

#[test]
fn a_file_that_is_not_toml_is_reported_beside_the_problems_of_other_sources() {
    let cwd = Cwd::with("syntax", "listen = '127.0.0.1:1'\npassword = = 3\n");
    let problems = cwd.load(&[("DOORWARD_PASSWORD__COST", "x")], vec![]).unwrap_err().to_string();
    assert!(problems.contains("doorward.toml is not valid TOML at line 2, column 12: "), "{problems}");
    assert!(problems.contains("invalid `password.cost` in DOORWARD_PASSWORD__COST: `x`"), "{problems}");
}

#[test]
fn every_setting_refuses_a_bad_value_and_is_named() {
    // Any word is valid for these.
    let words = [
        "site.logo",
        "site.name",
        "cookies.access_name",
        "cookies.refresh_name",
        "cookies.domain",
        "mail.templates",
        "mail.smtp.host",
        "mail.smtp.username",
        "mail.smtp.ca_file",
        "mail.smtp.helo_name",
        "password.breach_list",
        "api.auth_header_types",
        "tokens.user_id_claim",
        "tokens.issuer",
        "tokens.audience",
        "cors.allowed_headers",
    ];
    for setting in SETTINGS.iter().filter(|setting| !setting.is_secret && !words.contains(&setting.name)) {
        let message = refusal(setting.name, "n0nsense");
        assert!(
            message.starts_with(&format!("invalid `{}` in --set: `n0nsense`; ", setting.name)),
            "{message}"
        );
    }
}

#[test]
fn bounds_apply_at_both_ends() {
    let bounds: &[(&str, &[&str], &[&str])] = &[
        ("password.cost", &["4", "31"], &["3", "32", "-1", ""]),
        ("password.min_length", &["8", "64"], &["7", "65"]),
        ("password.threads", &["0", "1024"], &["1025"]),
        ("password.queue", &["1", "100000"], &["0", "100001"]),
        ("password.max_wait", &["1s", "1h"], &["0s", "2h", "5"]),
        ("limits.max_body", &["1 KiB", "1 GiB"], &["1023", "1073741825"]),
        ("limits.failed_logins_per_account", &["1"], &["0"]),
        ("access_token_lifetime", &["1s", "3650d"], &["0s", "3651d"]),
        ("server.shutdown_timeout", &["0s", "1h"], &["3601s"]),
        ("server.idle_timeout", &["1s", "1d"], &["0s", "86401s"]),
        ("server.max_connections", &["1", "1000000"], &["0", "1000001"]),
    ];
    for (name, good, bad) in bounds {
        assert!(good.iter().all(|text| Config::from_settings(&[(name, text)]).is_ok()), "{name}");
        assert!(bad.iter().all(|text| Config::from_settings(&[(name, text)]).is_err()), "{name}");
    }
}

#[test]
fn spaces_around_a_value_are_ignored_except_in_a_secret() {
    let config = Config::from_settings(&[
        ("password.cost", " 5\n"),
        ("signing_key", " k "),
        ("allow_short_signing_key", "true"),
    ]);
    let config = config.unwrap();
    assert_eq!(config.password.cost.get(), 5);
    assert_eq!(config.signing_key.unwrap().as_bytes(), b" k ");
}

#[test]
fn an_empty_signing_key_is_refused() {
    let message = refusal("signing_key", "");
    assert_eq!(message, "invalid `signing_key` in --set; it is empty; leave it unset to have a key made");
}

#[test]
fn a_signing_key_of_fewer_than_32_bytes_is_refused_with_a_way_out() {
    let message = refusal("signing_key", "hunter2");
    assert!(message.starts_with("invalid `signing_key` in --set; it has 7 bytes"), "{message}");
    assert!(message.contains("openssl rand") && message.contains("allow_short_signing_key"), "{message}");
    assert!(!message.contains("hunter2"), "{message}");
    for (key, insists, is_fine) in
        [("k".repeat(31), "false", false), ("k".repeat(32), "false", true), ("k".into(), "true", true)]
    {
        let pairs = [("signing_key", key.as_str()), ("allow_short_signing_key", insists)];
        assert_eq!(Config::from_settings(&pairs).is_ok(), is_fine, "{key}");
    }
    // The bytes count, not the characters.
    assert!(Config::from_settings(&[("signing_key", &"é".repeat(16))]).is_ok());
}

#[test]
fn unconfirmed_accounts_go_before_the_entries_of_their_registration() {
    let load = |unconfirmed, keep| {
        Config::from_settings(&[("registration.unconfirmed_retention", unconfirmed), ("audit.keep", keep)])
    };
    assert!(load("30d", "90d").is_ok());
    assert!(load("90d", "90d").unwrap_err().to_string().contains("shorter than audit.keep"));
}

#[test]
fn an_empty_variable_leaves_what_the_file_says() {
    let cwd = Cwd::with("empty-variable", "listen = '1.1.1.1:1'\ntrusted_proxies = ['10.0.0.1']\n");
    let env = [
        ("DOORWARD_LISTEN", ""),
        ("DOORWARD_TRUSTED_PROXIES", ""),
        ("DOORWARD_SIGNING_KEY", ""),
        ("DOORWARD_CONFIG", ""),
    ];
    let config = cwd.load(&env, vec![]).unwrap();
    assert_eq!((config.listen.to_string().as_str(), config.trusted_proxies.len()), ("1.1.1.1:1", 1));
    assert!(config.signing_key.is_none());
}

#[test]
fn a_value_from_a_file_has_no_byte_order_mark_and_no_last_line_break() {
    let cwd = Cwd::new("value-files");
    let key = "a key of 32 bytes, with spaces   ";
    let read = |content: &[u8]| {
        fs::write(cwd.0.join("key"), content).unwrap();
        let config = cwd.load(&[("DOORWARD_SIGNING_KEY_FILE", "key")], vec![]).unwrap();
        assert_eq!(described(&config, "signing_key"), ("(set)".into(), "DOORWARD_SIGNING_KEY_FILE".into()));
        String::from_utf8(config.signing_key.unwrap().as_bytes().to_vec()).unwrap()
    };
    for (before, after) in [("", ""), ("", "\n"), ("", "\r\n"), ("\u{feff}", "\n")] {
        assert_eq!(read(format!("{before}{key}{after}").as_bytes()), key);
    }
    assert_eq!(read(format!("{key}\n\n").as_bytes()), format!("{key}\n"), "one line break only");
}

#[test]
fn a_file_without_a_value_and_a_value_given_twice_are_refused() {
    let cwd = Cwd::new("bad-value-files");
    let refusal = |env: &[_]| cwd.load(env, vec![]).unwrap_err().to_string();
    let message = refusal(&[("DOORWARD_SIGNING_KEY_FILE", "missing")]);
    assert!(message.contains("cannot read missing, named by DOORWARD_SIGNING_KEY_FILE"), "{message}");
    for content in [&b""[..], b"\n", b"\xef\xbb\xbf\n", b"S3cret\xff", &vec![b'x'; 70_000]] {
        fs::write(cwd.0.join("bad"), content).unwrap();
        let message = refusal(&[("DOORWARD_DATABASE_URL_FILE", "bad")]);
        assert!(message.contains("cannot read bad") && !message.contains("S3cret"), "{message}");
    }
    fs::write(cwd.0.join("url"), "sqlite:a.db\n").unwrap();
    let both = [("DOORWARD_DATABASE_URL_FILE", "url"), ("DOORWARD_DATABASE_URL", "sqlite:b.db")];
    assert!(refusal(&both).contains("both DOORWARD_DATABASE_URL and DOORWARD_DATABASE_URL_FILE"));
    let one = [("DOORWARD_DATABASE_URL_FILE", "url"), ("DOORWARD_DATABASE_URL", "")];
    assert_eq!(cwd.load(&one, vec![]).unwrap().database_url.to_string(), "sqlite:a.db");
}

#[test]
fn a_settings_file_may_begin_with_a_byte_order_mark() {
    let cwd = Cwd::with("byte-order-mark", "\u{feff}listen = '1.1.1.1:1'\n");
    assert_eq!(cwd.load(&[], vec![]).unwrap().listen.to_string(), "1.1.1.1:1");
}

#[cfg(unix)]
#[test]
fn a_settings_file_that_others_can_read_or_change_causes_a_warning_only_if_that_matters() {
    use std::os::unix::fs::PermissionsExt as _;

    let cwd = Cwd::new("exposed");
    let file = cwd.0.join("a.toml");
    for (toml, mode, is_exposed) in [
        ("listen = '1.1.1.1:1'", 0o644, false),
        ("listen = '1.1.1.1:1'", 0o666, true),
        ("signing_key = '0123456789012345678901234567890123'", 0o644, true),
        ("signing_key = '0123456789012345678901234567890123'", 0o640, false),
        ("database_url = 'postgres://u:hunter2@localhost/d'", 0o604, true),
    ] {
        fs::write(&file, format!("public_url = 'https://a.example'\n{toml}")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        let config = load(&cwd.0, file.to_str(), &[], vec![]).unwrap();
        let exposed = config.warnings().into_iter().filter(|it| matches!(it, ConfigWarning::ExposedFile(_)));
        assert_eq!(exposed.count(), usize::from(is_exposed), "{toml} {mode:o}");
    }
    let key = cwd.0.join("key");
    fs::write(&key, "0123456789012345678901234567890123").unwrap();
    for (mode, is_exposed) in [(0o444, false), (0o644, false), (0o600, false), (0o666, true)] {
        fs::set_permissions(&key, fs::Permissions::from_mode(mode)).unwrap();
        let config = cwd.load(&[("DOORWARD_SIGNING_KEY_FILE", "key")], vec![]).unwrap();
        assert_eq!(config.warnings().len(), usize::from(is_exposed), "{mode:o}");
    }
}

#[test]
fn a_listener_that_no_url_can_name_needs_a_public_url() {
    let message = refusal("listen", "[fe80::1%3]:8000");
    assert_eq!(message, "`public_url` must be set; it cannot be made from listen");
}

#[test]
fn cookies_that_browsers_would_refuse_are_reported_beside_other_problems() {
    let pairs = [("cookies.same_site", "none"), ("password.cost", "40")];
    let message = Config::from_settings(&pairs).unwrap_err().to_string();
    assert!(message.contains("public_url must be https") && message.contains("from 4 to 31"), "{message}");
}

#[test]
fn a_bad_url_is_reported_without_its_password() {
    let message = refusal("database_url", "postgress://u:hunter2@db/x");
    assert!(message.contains("`postgress://u:***@db/x`; expected sqlite:PATH or postgres://"), "{message}");
    assert!(!refusal("public_url", "https://u:hunter2@a.example").contains("hunter2"));
}

#[cfg(unix)]
#[test]
fn an_environment_value_that_is_not_utf_8_is_refused() {
    use std::os::unix::ffi::OsStringExt;

    let cwd = Cwd::new("not-text");
    let env = [("DOORWARD_SIGNING_KEY", OsString::from_vec(b"S3cret\xff".to_vec()))];
    let sources = Sources { file: None, cwd: &cwd.0, env, flags: vec![] };
    let message = Config::load(sources).unwrap_err().to_string();
    assert!(message.ends_with("DOORWARD_SIGNING_KEY in the environment is not valid UTF-8"), "{message}");
}

#[test]
fn secrets_are_described_as_set_or_unset() {
    let value = |config: &Config| described(config, "signing_key").0;
    assert_eq!(value(&Config::default()), "(unset)");
    assert_eq!(value(&Config::from_settings(&[("signing_key", &"k".repeat(32))]).unwrap()), "(set)");
}

#[test]
fn describe_has_a_line_for_every_setting_in_order() {
    let config = Config::default();
    let names: Vec<_> = config.describe().iter().map(|line| line.name).collect();
    assert!(names.iter().eq(SETTINGS.iter().map(|setting| &setting.name)));
}

#[test]
fn the_port_of_a_mail_server_depends_on_tls_unless_it_is_set() {
    let port = |more: &[(&str, &str)]| {
        let mut all = vec![("mail.from", "Example <a@example.com>"), ("mail.smtp.host", "mail.example.com")];
        all.extend_from_slice(more);
        Config::from_settings(&all).unwrap().mail.smtp.unwrap().port
    };
    assert_eq!(port(&[]), 587);
    assert_eq!(port(&[("mail.smtp.tls", "implicit")]), 465);
    assert_eq!(port(&[("mail.smtp.tls", "none")]), 25);
    assert_eq!(port(&[("mail.smtp.port", "2525")]), 2525);
}

#[test]
fn a_mail_server_needs_a_sender_and_credentials_are_both_or_none() {
    assert!(refusal("mail.smtp.host", "mail.example.com").contains("`mail.from` must be set"));
    assert!(refusal("mail.smtp.username", "u").contains("`mail.smtp.password` must be set"));
    assert!(refusal("mail.smtp.password", "hunter2").contains("`mail.smtp.username` must be set"));
    assert!(!refusal("mail.smtp.password", "hunter2").contains("hunter2"));
    assert!(refusal("mail.smtp.host", "not a host").contains("such as smtp.example.com"));
}

#[test]
fn the_sender_is_described_as_it_was_written() {
    let config = Config::from_settings(&[("mail.from", "Example <a@example.com>")]).unwrap();
    assert_eq!(described(&config, "mail.from").0, "Example <a@example.com>");
}

proptest! {
    #[test]
    fn no_secret_is_ever_printed(key in "\\PC{0,40}S3cret\\PC{0,40}", password in "[ -~]{0,20}S3cret[ -~]{0,20}", bad in any::<bool>()) {
        let scheme = if bad { "postgers" } else { "postgres" };
        let url = format!("{scheme}://u:{password}@db/x?sslmode=require");
        let printed = match Config::from_settings(&[("signing_key", &key), ("database_url", &url)]) {
            Ok(config) => format!("{config:?} {:?} {:?}", config.describe(), config.warnings()),
            Err(error) => format!("{error} {error:?}"),
        };
        prop_assert!(!printed.contains("S3cret"), "{printed}");
    }
}

#[test]
fn the_paths_of_the_api_are_those_below_api_and_the_dialects() {
    let config = Config::from_settings(&[("api.djoser", "/auth"), ("api.dj_rest_auth", "/a/rest")]).unwrap();
    for path in ["/api/user/", "/auth/users/me/", "/auth/", "/a/rest/login"] {
        assert!(config.api.has_path(path), "{path}");
    }
    for path in ["/auth", "/authx/", "/a/", "/admin/", "/"] {
        assert!(!config.api.has_path(path), "{path}");
    }
    assert!(!Config::default().api.has_path("/auth/users/me/"));
}
