//! The table of settings: the one place that names them.
//!
//! Defaults, environment names, the check for unknown names, `doorward config` and
//! `doorward.example.toml` all come from here. What a value *means* is said in `validate`.

/// One setting, as an operator knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// The dotted name, as in `doorward.toml`: `password.cost`.
    pub name: &'static str,
    /// The default as text; `None` is unset, and the empty text is the empty list.
    pub default: Option<&'static str>,
    /// A sentence or two for whoever runs the server.
    pub help: &'static str,
    /// Whether the value must never be shown.
    pub secret: bool,
}

/// What every environment variable of ours starts with.
pub(super) const PREFIX: &str = "DOORWARD_";

/// How alike two names must be (0 to 1) before one is offered for the other.
const ALIKE: f64 = 0.6;

/// Every setting: first those without a section, then section by section.
pub const SETTINGS: &[Setting] = &[
    with_default(
        "listen",
        "127.0.0.1:8000",
        "The IP address and port to listen on. Use 0.0.0.0:8000 to be reachable from other machines.",
    ),
    with_default(
        "database_url",
        "sqlite:doorward.db",
        "Where accounts are kept: sqlite:PATH, or postgres://USER:PASSWORD@HOST/DATABASE.",
    ),
    Setting {
        secret: true,
        ..unset(
            "signing_key",
            "The key that signs tokens, at least 32 random characters. When unset, one is made at the \
             first start and kept in the database.",
        )
    },
    unset(
        "public_url",
        "The address at which browsers reach this server, such as https://accounts.example.com. \
         When unset, http:// and the value of listen.",
    ),
    with_default("access_token_lifetime", "1d", "How long a login is good for, such as 15m, 12h or 1d."),
    with_default(
        "refresh_token_lifetime",
        "10d",
        "How long a refresh token is good for, and so a session that is not used.",
    ),
    with_default(
        "clock_leeway",
        "0s",
        "How much too early or too late a token may come, where clocks differ. Such as 10s.",
    ),
    with_default(
        "trusted_proxies",
        "",
        "Addresses or networks of the proxies in front of this server, such as 10.0.0.0/8. Only \
         these are believed about the client's address.",
    ),
    with_default(
        "tokens.rotate_refresh",
        "false",
        "Whether each refresh answers another refresh token in place of the one that was used. One that \
         is used again then ends its session.",
    ),
    with_default(
        "tokens.reuse_grace",
        "10s",
        "How long a refresh token that was replaced still answers its successor, because an answer was \
         lost or a page asked twice.",
    ),
    with_default("cookies.access_name", "access_token", "The name of the cookie that logs a browser in."),
    with_default(
        "cookies.refresh",
        "false",
        "Whether logging in also sets a cookie with a refresh token, which only the token endpoints \
         get to see.",
    ),
    with_default("cookies.refresh_name", "refresh_token", "The name of that cookie."),
    unset(
        "cookies.domain",
        "The domain whose servers all get the cookies, such as example.com. When unset, this server \
         alone.",
    ),
    with_default(
        "cookies.same_site",
        "Lax",
        "From where browsers send the cookies: Strict, Lax, or None, which is for front ends on other \
         sites and needs https in public_url.",
    ),
    with_default(
        "database.pool",
        "8",
        "PostgreSQL only: how many connections this process may have open at once.",
    ),
    with_default(
        "database.connect_timeout",
        "5s",
        "PostgreSQL only: how long to wait for a connection before requests are answered 503; 2s to 1h.",
    ),
    with_default(
        "database.statement_timeout",
        "5s",
        "PostgreSQL only: how long the server may take to answer before requests are answered 503.",
    ),
    with_default(
        "database.wait_for",
        "30s",
        "PostgreSQL only: how long a start waits for a server that does not answer yet.",
    ),
    with_default(
        "password.cost",
        "12",
        "The bcrypt cost of new password hashes, 4 to 31. Each step doubles the work, for attackers \
         and for this server.",
    ),
    with_default("password.threads", "0", "How many threads hash passwords. 0 means one for each core."),
    with_default(
        "password.queue",
        "256",
        "How many password hashes may wait their turn before further logins are answered 503.",
    ),
    with_default(
        "password.max_wait",
        "5s",
        "How long a login may wait for its hash to begin. One that would wait longer is answered 503 \
         at once, with the time to come back. Who was let in and waits half as long again, because the \
         machine became slower, is answered the same.",
    ),
    with_default(
        "registration.mode",
        "open",
        "Who may make an account over the API: open for everybody, invite for who has an invitation, \
         closed for nobody. DOORWARD_REGISTRATION and --set registration=… are short for it.",
    ),
    with_default(
        "registration.hide_existing",
        "false",
        "Whether registering with the email of an account is answered as if it had worked, and told to \
         the owner by mail instead. A new account may then log in once its email is confirmed.",
    ),
    with_default(
        "limits.enabled",
        "true",
        "Whether failed logins, registrations and asking for mails are limited.",
    ),
    with_default(
        "limits.failed_logins_per_account",
        "10",
        "How many failed logins an account may have within the window.",
    ),
    with_default(
        "limits.failed_logins_per_address",
        "100",
        "How many failed logins a client address may have within the window.",
    ),
    with_default(
        "limits.bad_tokens_per_address",
        "1000",
        "How many tokens and keys of links that are not good a client address may show within the window.",
    ),
    with_default(
        "limits.failed_logins_window",
        "5m",
        "How long a failed login or a bad token counts, such as 5m.",
    ),
    with_default(
        "limits.mails_per_account",
        "5",
        "How many mails of a kind (to confirm an email, to set another password) may be asked for to one \
         email within the window.",
    ),
    with_default(
        "limits.mails_per_address",
        "50",
        "How many mails of a kind a client address may ask for within the window.",
    ),
    with_default("limits.mails_window", "1h", "How long a mail that was asked for counts, such as 1h."),
    with_default(
        "limits.registrations_per_account",
        "10",
        "How many registrations an email, or changes of its email an account, may see within the window.",
    ),
    with_default(
        "limits.registrations_per_address",
        "100",
        "How many registrations and changes of an email a client address may try within the window.",
    ),
    with_default("limits.registrations_window", "1h", "How long a registration counts, such as 1h."),
    with_default(
        "limits.body",
        "4194304",
        "The largest request body, in bytes or such as \"64 KiB\" or \"4 MiB\".",
    ),
    with_default(
        "admin.session_lifetime",
        "12h",
        "How long an administrator stays signed in at most, such as 12h.",
    ),
    with_default(
        "admin.session_idle_timeout",
        "1h",
        "How long an administrator who does nothing stays signed in.",
    ),
    with_default(
        "admin.password_again_after",
        "15m",
        "How long after the password was typed dangerous actions ask for it again.",
    ),
    with_default(
        "cors.allowed_origins",
        "",
        "Other web origins whose pages may call the API with cookies, such as \
         https://app.example.com. A wildcard is refused.",
    ),
    with_default("site.name", "doorward", "What mails, and the pages that their links open, call the site."),
    with_default("site.colour", "#1d4ed8", "The colour of what stands out in mails, as #rrggbb."),
    unset(
        "mail.from",
        "Who mails come from, such as \"Example <accounts@example.com>\". Needed to send any.",
    ),
    unset(
        "mail.templates",
        "A folder with templates that are used instead of the built-in ones. Each is there for itself: \
         a folder with only confirm_email.txt changes only that.",
    ),
    with_default(
        "mail.attempts",
        "10",
        "How often a mail is offered to the server before it is given up. The first pause is 30s, and \
         from the fifth on it is 6h, so 10 attempts take 31 hours. While no mail gets through \
         at all, none is given up.",
    ),
    with_default(
        "mail.keep",
        "30d",
        "How long a mail is kept in the outbox after it was sent, dropped or given up.",
    ),
    unset(
        "mail.smtp.host",
        "The server that takes mails, such as smtp.example.com. When unset, mails wait in the outbox.",
    ),
    unset("mail.smtp.port", "Its port. When unset, 587 for starttls, 465 for implicit and 25 for none."),
    with_default(
        "mail.smtp.tls",
        "starttls",
        "When TLS begins: starttls (after the greeting; a server that does not offer it is not used), \
         implicit (at once), or none (never: then user name and password can be read on the way).",
    ),
    unset("mail.smtp.username", "The user name for the server, if it asks for one."),
    Setting { secret: true, ..unset("mail.smtp.password", "The password that goes with the user name.") },
    with_default(
        "mail.smtp.timeout",
        "1m",
        "How long sending one mail may take, from the connection to the server's last answer.",
    ),
    unset(
        "mail.smtp.ca_file",
        "A PEM file with certificates of authorities to trust besides the system's, for a server with a \
         certificate of your own making.",
    ),
    with_default("log.level", "info", "The least severe messages to log: error, warn, info, debug or trace."),
    with_default(
        "log.format",
        "auto",
        "How to write log lines: human, json, or auto, which is human on a terminal and json \
         elsewhere.",
    ),
    with_default("server.workers", "0", "How many threads answer requests. 0 means one for each core."),
    with_default(
        "server.shutdown_timeout",
        "30s",
        "How long a stopping server waits for requests that are still running.",
    ),
];

const fn with_default(name: &'static str, default: &'static str, help: &'static str) -> Setting {
    Setting { default: Some(default), ..unset(name, help) }
}

const fn unset(name: &'static str, help: &'static str) -> Setting {
    Setting { name, default: None, help, secret: false }
}

impl Setting {
    /// The environment variable: `password.cost` is `DOORWARD_PASSWORD__COST`.
    pub fn env_name(&self) -> String {
        env_name(self.name)
    }

    /// The setting of exactly this dotted name. The name of a section that has a mode stands for it:
    /// `registration` is `registration.mode`.
    pub fn named(name: &str) -> Option<&'static Setting> {
        SETTINGS
            .iter()
            .find(|setting| setting.name == name || setting.name.strip_suffix(".mode") == Some(name))
    }

    /// The setting whose name is most like `name`, which may lack its section; `None` when no name
    /// comes close.
    pub fn nearest(name: &str) -> Option<&'static Setting> {
        SETTINGS
            .iter()
            .map(|setting| (likeness(name, setting.name), setting))
            .filter(|(score, _)| *score >= ALIKE)
            .max_by(|(a, _), (b, _)| a.total_cmp(b))
            .map(|(_, setting)| setting)
    }
}

/// The environment's spelling of a dotted name.
pub(super) fn env_name(name: &str) -> String {
    format!("{PREFIX}{}", name.to_uppercase().replace('.', "__"))
}

fn likeness(name: &str, known: &str) -> f64 {
    let short = known.rsplit('.').next().unwrap_or(known);
    let whole = strsim::normalized_damerau_levenshtein(name, known);
    whole.max(strsim::normalized_damerau_levenshtein(name, short))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn environment_names_are_upper_case_with_double_underscores_for_dots() {
        let names = ["listen", "password.cost", "limits.failed_logins_window"];
        let expected =
            ["DOORWARD_LISTEN", "DOORWARD_PASSWORD__COST", "DOORWARD_LIMITS__FAILED_LOGINS_WINDOW"];
        assert_eq!(names.map(|n| Setting::named(n).unwrap().env_name()), expected);
    }

    #[test]
    fn no_two_settings_share_a_name_or_an_environment_variable() {
        let variables: BTreeSet<_> = SETTINGS.iter().map(Setting::env_name).collect();
        assert_eq!(variables.len(), SETTINGS.len());
    }

    #[test]
    fn a_section_that_has_a_mode_stands_for_it() {
        assert_eq!(Setting::named("registration").unwrap().name, "registration.mode");
        assert_eq!(Setting::named("limits"), None);
    }

    #[test]
    fn the_nearest_name_is_found_for_slips_and_for_forgotten_sections() {
        let nearest = |name| Setting::nearest(name).map(|setting| setting.name);
        assert_eq!(nearest("listn"), Some("listen"));
        assert_eq!(nearest("databse_url"), Some("database_url"));
        assert_eq!(nearest("password_cost"), Some("password.cost"));
        assert_eq!(nearest("cost"), Some("password.cost"));
        assert_eq!(nearest("worker"), Some("server.workers"));
        assert_eq!(nearest("zzzzzzzz"), None);
    }

    #[test]
    fn settings_of_one_section_stand_together() {
        let mut sections: Vec<_> =
            SETTINGS.iter().map(|s| s.name.split_once('.').map(|(section, _)| section)).collect();
        sections.dedup();
        let distinct: BTreeSet<_> = sections.iter().collect();
        assert_eq!(sections.len(), distinct.len());
        assert_eq!(sections[0], None);
    }
}
