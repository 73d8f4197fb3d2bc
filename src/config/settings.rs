//! All settings, each declared once: name, type, default, bounds and help.
//!
//! The fields of [`Config`], the check for unknown names, `doorward config`, `doorward.example.toml` and
//! the table in `docs/configuration.md` come from here. Only `mail.smtp.*` is in `smtp_section`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

use ipnet::IpNet;

use super::described::{ChangeableTexts, DescribedSettings};
use super::setting::{Setting, SettingSection as _, settings};
use super::setting_types::{
    BoolType, ChoiceType, DurationType, ListType, NonEmptyListType, NumberType, ParsedType, SecretType,
    SizeType, TextType,
};
use super::values::account_part::AccountPart;
use super::values::auth_header_type::AuthHeaderType;
use super::values::colour::Colour;
use super::values::cookies::{self, SameSite};
use super::values::cors::{AllowedHeader, AllowedOrigin};
use super::values::hash_cost::HashCost;
use super::values::link_pattern::LinkPattern;
use super::values::logging::{LogFormat, LogLevel};
use super::values::logo_source::LogoSource;
use super::values::page_url::PageUrl;
use super::values::parse::{self, DAY, HOUR, MINUTE, SECOND};
use super::values::path_prefix::PathPrefix;
use super::values::public_url::PublicUrl;
use super::values::registration::RegistrationMode;
use super::values::sender::Sender;
use super::values::smtp::SmtpConfig;
use super::values::time_zone::time_zone;
use super::values::token_claim::{self, TokenClaim};
use crate::types::{DataKey, DatabaseUrl, Lang, NewIds, SigningKey, TimeZone, TokenAlgorithm};

const TEN_MINUTES: Duration = MINUTE.saturating_mul(10);
const YEAR: Duration = DAY.saturating_mul(365);
const TEN_YEARS: Duration = DAY.saturating_mul(3650);

/// The languages of emails.
const LANGUAGES: [(&str, Lang); 2] = [("en", Lang::English), ("de", Lang::German)];

/// How alike two names must be (0 to 1) before one is offered for the other.
const SIMILAR: f64 = 0.6;

/// Every setting: first those without a section, then section by section.
pub static SETTINGS: LazyLock<Vec<Setting>> = LazyLock::new(Config::settings);

settings! {
    /// The settings of the server, validated.
    pub struct Config, "" {
        /// The IP address and port to listen on. `0.0.0.0:8000` accepts connections from other machines.
        listen: SocketAddr = "127.0.0.1:8000", ParsedType("IP address and port", parse::listen);
        /// The database: `sqlite:PATH`, or `postgres://USER:PASSWORD@HOST/DATABASE`.
        database_url: DatabaseUrl = "sqlite:doorward.db", ParsedType("URL", parse::database_url);
        /// The key that signs tokens, at least 32 random characters. When unset, a key is made at the first
        /// start and stored in the database.
        signing_key: Option<SigningKey>, SecretType(parse::signing_key);
        /// Whether a `signing_key` of fewer than 32 bytes is accepted. A short key can be guessed from a token.
        allow_short_signing_key: bool = "false", BoolType;
        /// The secret that private keys in the database are encrypted with, at least 32 random characters. When
        /// unset, the private keys of `tokens.algorithm` lie there in clear.
        data_key: Option<DataKey>, SecretType(parse::data_key);
        /// The URL at which browsers reach this server, such as `https://accounts.example.com`. With
        /// `https`, cookies are `Secure`. When unset, `http://` and the value of `listen`.
        public_url: PublicUrl, ParsedType("URL", PublicUrl::parse);
        /// How long an access token is valid, such as `15m`, `12h` or `1d`.
        access_token_lifetime: Duration = "1d", DurationType(SECOND..=TEN_YEARS);
        /// How long a refresh token is valid, and so a session that is not used.
        refresh_token_lifetime: Duration = "10d", DurationType(SECOND..=TEN_YEARS);
        /// How far the clocks of the machines that issue and check tokens may differ, such as `10s`.
        clock_leeway: Duration = "0s", DurationType(Duration::ZERO..=TEN_MINUTES);
        /// The proxies in front of this server, such as `10.0.0.0/8`. Only their `X-Forwarded-For` and
        /// `X-Forwarded-Proto` are believed.
        trusted_proxies: Vec<IpNet> = "", ListType("list of IP addresses and networks", parse::network);
    }
    sections {
        /// `tokens.*`: what tokens say, and refreshing them.
        tokens: TokensConfig;
        /// `keys.*`: the keys of asymmetric algorithms.
        keys: KeysConfig;
        /// `api.*`: what clients of the API send and get.
        api: ApiConfig;
        /// `cookies.*`: the cookies that log browsers in.
        cookies: CookiesConfig;
        /// `database.*`: the use of a PostgreSQL server. SQLite needs none of it.
        database: DatabaseConfig;
        /// `password.*`: the rules for passwords, and their hashing.
        password: PasswordConfig;
        /// `registration.*`: registration over the API.
        registration: RegistrationConfig;
        /// `account.*`: the accounts of users, and their pages about them.
        account: AccountConfig;
        /// `limits.*`: what one client may ask of the server.
        limits: LimitsConfig;
        /// `admin.*`: the sessions of administrators.
        admin: AdminConfig;
        /// `audit.*`: the audit log.
        audit: AuditConfig;
        /// `cors.*`: other web origins that may call the API from a browser.
        cors: CorsConfig;
        /// `site.*`: the site that the accounts belong to.
        site: SiteConfig;
        /// `mail.*`: emails, and the outbox.
        mail: MailConfig;
        /// `log.*`: logging.
        log: LogConfig;
        /// `server.*`: the HTTP server.
        server: ServerConfig;
        /// The settings as they were loaded, for [`Config::describe`].
        described: DescribedSettings;
        /// The texts of the settings that administrators can change, for `Config::with_stored`.
        changeable: ChangeableTexts;
    }
}

settings! {
    /// `tokens.*`: what tokens say, and refreshing them.
    pub struct TokensConfig, "tokens." {
        /// How tokens are signed. With `HS256`, whoever can check a token can also make one. `ES256`, `RS256` and
        /// `EdDSA` have a public key for the services that check, at `/.well-known/jwks.json`. After a change, earlier
        /// tokens stay valid until they expire.
        algorithm: TokenAlgorithm = "HS256", ChoiceType(&TokenAlgorithm::WORDS);
        /// The claim `iss` of every token, such as `https://accounts.example.com` (Simple JWT's `ISSUER`). A token
        /// with another one, or without, is refused: a change ends all tokens.
        issuer: Option<String>, TextType(1..=200);
        /// The claim `aud` of every token (Simple JWT's `AUDIENCE`). A token with another one, or without, is refused:
        /// a change ends all tokens.
        audience: Option<String>, TextType(1..=200);
        /// Whether each refresh replaces the refresh token. Using a replaced one again ends the session.
        rotate_refresh: bool = "false", BoolType;
        /// How long a replaced refresh token still returns its successor, in case the answer was lost or two
        /// requests were sent at once.
        reuse_grace: Duration = "10s", DurationType(Duration::ZERO..=TEN_MINUTES);
        /// How long after its login a session ends, also one that is used, such as `30d`. When unset, a session
        /// whose refresh tokens are replaced has no end.
        session_lifetime: Option<Duration>, DurationType(MINUTE..=TEN_YEARS);
        /// Whether `/api/token/sliding/` issues sliding tokens of Simple JWT, which are accepted as access tokens and can
        /// be refreshed themselves.
        sliding: bool = "false", BoolType;
        /// How long a sliding token is valid after it was issued or refreshed.
        sliding_lifetime: Duration = "5m", DurationType(SECOND..=TEN_YEARS);
        /// How long after the login a sliding token can be refreshed, as long as it has not expired.
        sliding_refresh_lifetime: Duration = "1d", DurationType(SECOND..=TEN_YEARS);
        /// The name of the claim with the id of the user (Simple JWT's `USER_ID_CLAIM`). A change ends all tokens.
        user_id_claim: String = "user_id", ParsedType("name of a claim", token_claim::user_id_claim);
        /// What access tokens also say about the user, as it is when the token is issued or refreshed: `username`,
        /// `email`, `groups` and `is_staff`, which says who may enter the admin. Everyone who has the token can
        /// read it.
        claims: Vec<TokenClaim> = "", ListType("list of username, email, groups and is_staff", TokenClaim::parse);
    }
}

settings! {
    /// `keys.*`: the keys of asymmetric algorithms.
    #[derive(Copy)]
    pub struct KeysConfig, "keys." {
        /// How long a key signs before the next one replaces it, such as `90d`. When unset, until
        /// `doorward keys rotate`.
        rotate_every: Option<Duration>, DurationType(HOUR..=TEN_YEARS);
        /// How long a new key is published before it signs. Longer than services keep a copy of
        /// `/.well-known/jwks.json`, which is 5 minutes for those that follow its headers.
        // Three times the max-age of the key set.
        publish_for: Duration = "15m", DurationType(MINUTE.saturating_mul(5)..=DAY.saturating_mul(30));
    }
}

settings! {
    /// `api.*`: what clients of the API send and get.
    pub struct ApiConfig, "api." {
        /// The words that may stand before the token in `Authorization`, such as `Bearer, JWT`, in exactly this
        /// letter case (as Simple JWT's `AUTH_HEADER_TYPES`). The first one is named in `WWW-Authenticate`.
        auth_header_types: Vec<AuthHeaderType> = "Bearer",
            NonEmptyListType("list of words", AuthHeaderType::parse);
        /// Whether `GET /api/user/` also names the `id` of the user.
        user_id: bool = "false", BoolType;
        /// Whether `/api/schema/` answers an OpenAPI document of the API, and `/api/docs/` a page about it. Both name the
        /// endpoints of every doorward and `public_url`, and no user.
        schema: bool = "true", BoolType;
        /// The path at which the endpoints of djoser are served, such as `/auth`, for front ends that were written
        /// for it. When unset, they are not.
        djoser: Option<PathPrefix>, ParsedType("path", PathPrefix::parse);
        /// The path at which the endpoints of dj-rest-auth are served, such as `/dj-rest-auth`, for front ends that
        /// were written for it. When unset, they are not. The refresh cookie is then sent to all paths, as theirs.
        dj_rest_auth: Option<PathPrefix>, ParsedType("path", PathPrefix::parse);
    }
}

settings! {
    /// `cookies.*`: the cookies that log browsers in.
    pub struct CookiesConfig, "cookies." {
        /// The name of the cookie with the access token.
        access_name: String = "access_token", ParsedType("cookie name", cookies::name);
        /// Whether a login also sets a cookie with the refresh token, sent to the token endpoints only.
        refresh: bool = "false", BoolType;
        /// The name of the cookie with the refresh token.
        refresh_name: String = "refresh_token", ParsedType("cookie name", cookies::name);
        /// The domain whose servers all receive the cookies, such as `example.com`. When unset, this server
        /// alone.
        domain: Option<String>, ParsedType("domain", cookies::domain);
        /// The `SameSite` attribute of the cookies. `None` is for front ends on other sites and needs
        /// `https` in `public_url`.
        same_site: SameSite = "Lax", ChoiceType(&SameSite::WORDS);
        /// Whether the names of the cookies begin with `__Host-`, so that no other host of the domain can set
        /// them. Needs `https` in `public_url` and no `cookies.domain`; the refresh cookie is then sent to all
        /// paths.
        host_prefix: bool = "false", BoolType;
    }
}

settings! {
    /// `database.*`: the use of a PostgreSQL server. SQLite needs none of it.
    pub struct DatabaseConfig, "database." {
        /// PostgreSQL only: the most connections that this process opens.
        pool: usize = "8", NumberType(1..=1000);
        /// PostgreSQL only: how long a request waits for a connection before it is answered with 503.
        // libpq treats anything shorter than two seconds as two.
        connect_timeout: Duration = "5s", DurationType(SECOND.saturating_mul(2)..=HOUR);
        /// PostgreSQL only: how long the server may take for a statement before the request is answered with
        /// 503.
        statement_timeout: Duration = "5s", DurationType(SECOND..=HOUR);
        /// PostgreSQL only: how long a start waits for a server that does not answer yet.
        startup_timeout: Duration = "30s", DurationType(Duration::ZERO..=DAY), formerly "database.wait_for";
    }
}

settings! {
    /// `password.*`: the rules for passwords, and their hashing.
    pub struct PasswordConfig, "password." {
        /// The least number of characters of a new password. OWASP's ASVS asks for 12.
        min_length: usize = "8", NumberType(8..=64);
        /// A file of passwords that are known from breaches, which no new password may be: up to 64 MiB of
        /// passwords or SHA-1 hashes, one a line; or a list of any size as Have I Been Pwned offers it for
        /// download, ordered by hash (SHA-1), which is searched on disk. A login with such a password is
        /// recorded in the audit log.
        breach_list: Option<PathBuf>, ParsedType("file", parse::path);
        /// The bcrypt cost of new password hashes. Each step doubles the work, for attackers and for this
        /// server. `doorward tune` recommends a value.
        cost: HashCost = "12", NumberType(HashCost::MIN..=HashCost::MAX);
        /// Whether a user has to send the current password, as `password`, to change the email address over the
        /// API. Otherwise the access token is enough, as in the reference server.
        required_for_email_change: bool = "false", BoolType;
        /// How many threads hash passwords. `0` is one for each core.
        threads: usize = "0", NumberType(0..=parse::MAX_THREADS);
        /// How many password hashes may wait before further logins are answered with 503.
        queue: usize = "256", NumberType(1..=100_000);
        /// How long a login may wait for its hash to begin. A login that would wait longer is answered with
        /// 503 at once, with the time to come back. An admitted login may wait up to 1.5 x `max_wait`, then it
        /// is answered the same.
        max_wait: Duration = "5s", DurationType(SECOND..=HOUR);
        /// How much memory all password hashes of argon2 and scrypt, which another server made, may take at the
        /// same time. One of Django takes 100 MiB (argon2) or 16 MiB (scrypt). A hash that takes more than this
        /// alone cannot be checked.
        foreign_memory: usize = "256 MiB", SizeType(1 << 20..=1 << 31);
    }
}

settings! {
    /// `registration.*`: registration over the API.
    #[derive(Copy)]
    pub struct RegistrationConfig, "registration." {
        /// Which registrations the API accepts: all (`open`), those with an invitation (`invite`), or none
        /// (`closed`). `DOORWARD_REGISTRATION` and `--set registration=…` are short for it.
        mode: RegistrationMode = "open", ChoiceType(&RegistrationMode::WORDS);
        /// Whether a registration with the email address of an account is answered as if it had worked, and
        /// the owner is told by email instead. A new account can then log in once its email address is
        /// confirmed.
        hide_existing: bool = "false", BoolType;
        /// How long after its registration an account is deleted whose email address was not confirmed and
        /// with which no login ever succeeded. When unset, never.
        unconfirmed_retention: Option<Duration>, DurationType(SECOND..=TEN_YEARS);
    }
}

settings! {
    /// `account.*`: the accounts of users, and their pages about them.
    pub struct AccountConfig, "account." {
        /// Whether this server has pages for users: to sign in, to register, and for their own account at
        /// `/account`. Without them, these addresses are 404.
        pages: bool = "true", BoolType;
        /// What users may change of their own account, on its pages and over the API: `name`, `email`, `password`,
        /// and `delete` for the account itself. A reset of a forgotten password is always possible.
        change: Vec<AccountPart> = "name, email, password, delete",
            ListType("list of name, email, password and delete", AccountPart::parse);
        /// The ids of new users, as clients see them: `integer`, `uuid4` or `uuid7` (RFC 9562). `auto` is `integer`,
        /// or a UUID of the same version where users with UUIDs were imported, and `uuid4` where their ids are other
        /// texts.
        new_ids: NewIds = "auto", ChoiceType(&NewIds::WORDS);
        /// How long after its request an account is deleted, such as `14d`. Until then nobody can log in to it,
        /// and an administrator can take the deletion back. `0s` deletes at once.
        delete_after: Duration = "0s", DurationType(Duration::ZERO..=YEAR);
        /// How long it is remembered that an account was deleted, so that a restored backup or an import does
        /// not bring it back. As long as the oldest backup that you would restore.
        remember_deleted: Duration = "365d", DurationType(DAY..=TEN_YEARS);
        /// Whether users get an email about a login from a place that is new for them: no login in the last 90 days
        /// came from a network near it. At most one a day, and none at the first login.
        new_place_mail: bool = "true", BoolType;
        /// The page of a front end that the link in a mail opens to confirm an email address, such as
        /// `https://app.example.com/activate/{uid}/{token}` (djoser's `ACTIVATION_URL`). `{key}` is the same as
        /// `{token}`. When unset, a page of this server.
        confirm_email_url: Option<LinkPattern>, ParsedType("URL", LinkPattern::parse);
        /// The page of a front end that the link in a mail opens to set a new password, such as
        /// `https://app.example.com/reset/{uid}/{token}` (djoser's `PASSWORD_RESET_CONFIRM_URL`). When unset, a page
        /// of this server.
        reset_password_url: Option<LinkPattern>, ParsedType("URL", LinkPattern::parse);
    }
}

settings! {
    /// `limits.*`: what one client may ask of the server.
    pub struct LimitsConfig, "limits." {
        /// Whether failed logins, registrations, changes of names and addresses, requested emails, refreshes
        /// and sessions are limited.
        enabled: bool = "true", BoolType;
        /// The most failed logins for one username or email address, as typed, within the window.
        failed_logins_per_account: u32 = "10", NumberType(1..=MOST_ATTEMPTS);
        /// The most failed logins from one IP address within the window.
        failed_logins_per_address: u32 = "100", NumberType(1..=MOST_ATTEMPTS);
        /// The most wrong passwords for one account within any hour, over all ways to give one: by username, by
        /// email address, in the admin, and with the old password.
        failed_logins_per_hour: u32 = "100", NumberType(4..=MOST_ATTEMPTS);
        /// The most invalid tokens and keys of links from one IP address within the window of failed logins.
        bad_tokens_per_address: u32 = "1000", NumberType(1..=MOST_ATTEMPTS);
        /// How long a failed login or an invalid token counts.
        failed_logins_window: Duration = "5m", DurationType(SECOND..=DAY);
        /// The most emails of one kind (confirmation, password reset) that may be requested for one email
        /// address within the window.
        mails_per_account: u32 = "5", NumberType(1..=MOST_ATTEMPTS);
        /// The most emails of one kind that one IP address may request within the window.
        mails_per_address: u32 = "50", NumberType(1..=MOST_ATTEMPTS);
        /// How long a requested email counts.
        mails_window: Duration = "1h", DurationType(SECOND..=DAY);
        /// The most registrations with one email address, and changes of the email address, of the username and
        /// of the password of one account, within the window.
        registrations_per_account: u32 = "10", NumberType(1..=MOST_ATTEMPTS);
        /// The most registrations and changes of an email address or username from one IP address within the
        /// window.
        registrations_per_address: u32 = "100", NumberType(1..=MOST_ATTEMPTS);
        /// How long a registration counts.
        registrations_window: Duration = "1h", DurationType(SECOND..=DAY);
        /// The most refreshes of one session within the window.
        refreshes_per_session: u32 = "60", NumberType(1..=MOST_ATTEMPTS);
        /// The most refreshes of one account within the window, over all its sessions.
        refreshes_per_account: u32 = "600", NumberType(1..=MOST_ATTEMPTS);
        /// How long a refresh counts.
        refreshes_window: Duration = "1m", DurationType(SECOND..=DAY);
        /// The most sessions of one account. A login beyond that ends the one that was not used for longest.
        sessions_per_account: u32 = "1000", NumberType(1..=100_000);
        /// How many logins and logouts of one account within an hour the audit log records one by one. Of more,
        /// it records one a minute.
        recorded_logins_per_account: u32 = "100", NumberType(1..=MOST_ATTEMPTS);
        /// The largest request body, in bytes or such as `64 KiB` or `4 MiB`.
        max_body: usize = "128 KiB", SizeType(1 << 10..=1 << 30), formerly "limits.body";
    }
}

settings! {
    /// `admin.*`: the sessions of administrators.
    pub struct AdminConfig, "admin." {
        /// How long an administrator stays signed in at most.
        session_lifetime: Duration = "12h", DurationType(SECOND..=YEAR);
        /// How long an administrator who does nothing stays signed in.
        session_idle_timeout: Duration = "1h", DurationType(SECOND..=YEAR);
        /// How long after the password was typed dangerous actions ask for it again (re-authentication).
        reauthenticate_after: Duration = "15m", DurationType(SECOND..=YEAR),
            formerly "admin.password_again_after";
        /// Whether exported CSV files begin with a byte order mark, by which Excel knows them as UTF-8. Other
        /// programs may take it for a part of the first column's name.
        csv_bom: bool = "false", BoolType;
    }
}

settings! {
    /// `audit.*`: the audit log.
    pub struct AuditConfig, "audit." {
        /// How long an entry stays in the audit log. An entry records how many older ones were let go, so
        /// that the chain can still be verified. When unset, all stay.
        keep: Option<Duration>, DurationType(SECOND..=TEN_YEARS);
    }
}

settings! {
    /// `cors.*`: other web origins that may call the API from a browser.
    pub struct CorsConfig, "cors." {
        /// Other origins whose pages may call the API with cookies, such as `https://app.example.com`, or
        /// `capacitor://localhost` for an app. `null` and wildcards are refused.
        allowed_origins: Vec<AllowedOrigin> = "", ListType("list of origins", AllowedOrigin::parse);
        /// Request headers that pages of these origins may set, besides `accept`, `authorization`,
        /// `content-type`, `user-agent`, `x-csrftoken` and `x-requested-with`; such as
        /// `sentry-trace, baggage, traceparent, cache-control`.
        allowed_headers: Vec<AllowedHeader> = "", ListType("list of names of headers", AllowedHeader::parse);
    }
}

settings! {
    /// `site.*`: the site that the accounts belong to.
    #[derive(PartialEq)]
    pub struct SiteConfig, "site." {
        /// The name of the site in emails and on the pages that their links open.
        name: String = "doorward", TextType(1..=60);
        /// The address of the site itself, such as `https://www.example.com`: where the last pages of links, and
        /// the end of each email, lead back to. When unset, they lead to the account page.
        url: Option<PageUrl>, ParsedType("URL", PageUrl::parse);
        /// The accent colour of emails and pages. Pages darken or lighten it as far as reading needs it.
        colour: Colour = "#17525f", ParsedType("colour, `#rrggbb`", Colour::parse);
        /// The file with the logo of pages and emails: PNG, JPEG, GIF, WebP or SVG, up to 256 KiB. An SVG loses its
        /// scripts and links. Emails have only a PNG, JPEG or GIF, as few mail programs display the others. When
        /// unset, pages have the first letter of the site's name.
        logo: Option<LogoSource>, ParsedType("file", LogoSource::parse);
        /// The page of a front end where users change their password. `/.well-known/change-password`, where
        /// password managers look for it, leads there; when unset, to `/account/security`.
        change_password_url: Option<PageUrl>, ParsedType("URL", PageUrl::parse);
        /// The time zone of dates in the admin, such as `Europe/Berlin`, for administrators who have not chosen
        /// one of their own.
        time_zone: TimeZone = "UTC", ParsedType("IANA time zone", time_zone);
    }
}

settings! {
    /// `mail.*`: emails, and the outbox.
    pub struct MailConfig, "mail." {
        /// The sender of emails, such as `Example <accounts@example.com>`. Needed to send any.
        from: Option<Sender>, ParsedType("sender", Sender::parse);
        /// The language of emails to readers whose language is not known: `en` or `de`. A reader's language is the
        /// one that they chose, else the one that their browser asked for at the last login.
        language: Lang = "en", ChoiceType(&LANGUAGES);
        /// A folder with templates of whole emails, file by file: a folder with only `confirm_email.txt` changes
        /// only that. They come before texts that were edited in the admin.
        templates: Option<PathBuf>, ParsedType("folder", parse::path);
        /// How often an email is offered to the mail server before it is given up. The first pause is 30s,
        /// and from the fifth on it is 6h, so 10 attempts take 31 hours. While the mail server accepts no
        /// email at all, none is given up.
        attempts: u32 = "10", NumberType(1..=1000);
        /// How long an email stays in the outbox after it was sent, dropped or given up.
        retention: Duration = "30d", DurationType(Duration::ZERO..=TEN_YEARS), formerly "mail.keep";
    }
    sections {
        /// The server that sends emails; without one, they wait in the outbox.
        smtp: Option<SmtpConfig>;
    }
}

settings! {
    /// `log.*`: logging.
    pub struct LogConfig, "log." {
        /// The least severe messages to log.
        level: LogLevel = "info", ChoiceType(&LogLevel::WORDS);
        /// The format of log lines. `auto` is human on a terminal and JSON elsewhere.
        format: LogFormat = "auto", ChoiceType(&LogFormat::WORDS);
    }
}

settings! {
    /// `server.*`: the HTTP server.
    pub struct ServerConfig, "server." {
        /// How many threads answer requests. `0` is one for each core.
        workers: usize = "0", NumberType(0..=parse::MAX_THREADS);
        /// How long browsers use https alone for the host of `public_url`, on all its ports, after each visit
        /// (HTTP Strict Transport Security). Only with `https` in `public_url`; `off` sends no such header.
        hsts: Duration = "365d", ParsedType("duration up to 3650d, or off", parse::duration_or_off);
        /// How long a stopping server waits for requests that are still running.
        shutdown_timeout: Duration = "30s", DurationType(Duration::ZERO..=HOUR);
        /// How long a connection without a request stays open. Longer than the proxy in front holds it, so that
        /// the proxy is the one to close it: Caddy does after 2 minutes, Google's load balancers after 10.
        idle_timeout: Duration = "11m", DurationType(SECOND..=DAY);
        /// The most connections at once. Fewer if the process may not open so many files; a quarter of those is
        /// left for other purposes. A further connection closes the one that has been idle longest.
        max_connections: usize = "10000", NumberType(1..=1_000_000);
        /// The most connections at once from one IP address, but for this machine and `trusted_proxies`.
        max_connections_per_address: usize = "256", NumberType(1..=1_000_000);
    }
}

/// An upper bound for counts of attempts: a larger one is no limit.
const MOST_ATTEMPTS: u32 = 1_000_000;

impl Setting {
    /// The setting of exactly this dotted name, or that had it formerly. The name of a section that has a
    /// mode stands for the mode: `registration` is `registration.mode`.
    pub fn named(name: &str) -> Option<&'static Setting> {
        let is_named = |setting: &&Setting| {
            setting.names().any(|known| known == name) || setting.name.strip_suffix(".mode") == Some(name)
        };
        SETTINGS.iter().find(is_named)
    }

    /// The setting whose name is most like `name`, which may lack its section; `None` when no name
    /// comes close.
    pub fn nearest(name: &str) -> Option<&'static Setting> {
        SETTINGS
            .iter()
            .map(|setting| (likeness(name, setting.name), setting))
            .filter(|(score, _)| *score >= SIMILAR)
            .max_by(|(a, _), (b, _)| a.total_cmp(b))
            .map(|(_, setting)| setting)
    }
}

fn likeness(name: &str, known: &str) -> f64 {
    let without_section = known.rsplit('.').next().unwrap_or(known);
    let whole = strsim::normalized_damerau_levenshtein(name, known);
    whole.max(strsim::normalized_damerau_levenshtein(name, without_section))
}

impl AccountConfig {
    /// Whether users may change this part of their account.
    pub(crate) fn allows(&self, part: AccountPart) -> bool {
        self.change.contains(&part)
    }
}

impl MailConfig {
    /// Whether mails are sent. Without a mail server they wait in the outbox.
    pub(crate) const fn is_sent(&self) -> bool {
        self.smtp.is_some()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_settings_share_a_name_or_an_environment_variable() {
        let names = SETTINGS.iter().flat_map(Setting::names);
        let variables: BTreeSet<_> = names.map(crate::config::setting::env_name).collect();
        assert_eq!(variables.len(), SETTINGS.iter().flat_map(Setting::names).count());
    }

    #[test]
    fn a_section_that_has_a_mode_stands_for_it() {
        assert_eq!(Setting::named("registration").unwrap().name, "registration.mode");
        assert!(Setting::named("limits").is_none());
    }

    #[test]
    fn the_nearest_name_is_suggested_for_typos_and_missing_sections() {
        let nearest = |name| Setting::nearest(name).map(|setting| setting.name);
        assert_eq!(nearest("listn"), Some("listen"));
        assert_eq!(nearest("databse_url"), Some("database_url"));
        assert_eq!(nearest("password_cost"), Some("password.cost"));
        assert_eq!(nearest("cost"), Some("password.cost"));
        assert_eq!(nearest("worker"), Some("server.workers"));
        assert_eq!(nearest("zzzzzzzz"), None);
    }

    #[test]
    fn settings_of_one_section_are_listed_together() {
        let mut sections: Vec<_> =
            SETTINGS.iter().map(|s| s.name.split_once('.').map(|(section, _)| section)).collect();
        sections.dedup();
        let distinct: BTreeSet<_> = sections.iter().collect();
        assert_eq!(sections.len(), distinct.len());
        assert_eq!(sections[0], None);
    }
}
