//! Adds time limits to the URL in the settings. Parameters of the URL itself win and reach libpq unchanged:
//! several hosts, `sslmode`, `target_session_attrs` and so on.

use crate::store::engine::postgres::settings::StoreSettings;

/// The URL with the limits before its own parameters: of two with the same name, libpq takes the last
/// (PostgreSQL documentation, "Connection URIs").
pub(crate) fn with_limits(url: &str, settings: &StoreSettings) -> String {
    let options = options(settings);
    let (before_query, query) = url.split_at(query_start(url).unwrap_or(url.len()));
    let own = query.strip_prefix('?').unwrap_or_default();
    // `options` is a list of settings, of which the last counts as well.
    let own = own.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        pair.strip_prefix("options=")
            .map_or_else(|| pair.to_owned(), |more| format!("options={options}%20{more}"))
    });
    let limits = format!(
        "fallback_application_name=doorward&{PRIMARY}&connect_timeout={}&{DEAD_PEER}&options={options}",
        settings.connect_timeout.as_secs()
    );
    let query: Vec<String> = std::iter::once(limits).chain(own).collect();
    format!("{before_query}?{}", query.join("&"))
}

/// Of several hosts, the primary.
const PRIMARY: &str = "target_session_attrs=read-write";

/// The loss of the peer is noticed within ten seconds: by unacknowledged data (`tcp_user_timeout`, in
/// milliseconds) or unanswered keepalives (in seconds and tries).
const DEAD_PEER: &str = "tcp_user_timeout=10000&keepalives_idle=5&keepalives_interval=2&keepalives_count=2";

/// The server's own limits, in milliseconds: for one statement, and for a transaction that holds locks and
/// does nothing, as when this process is suspended.
fn options(settings: &StoreSettings) -> String {
    let limit = settings.statement_timeout.as_millis();
    let idle = 2 * limit;
    format!("-c%20statement_timeout%3D{limit}%20-c%20idle_in_transaction_session_timeout%3D{idle}")
}

/// Where libpq sees the `?` before the parameters: after the `@`, because a password may contain a question
/// mark (`fe-connect.c`, `conninfo_uri_parse_options`).
fn query_start(url: &str) -> Option<usize> {
    let rest = url.find("://")? + "://".len();
    let at = url.get(rest..)?.find(['@', '/']).map_or(rest, |at| rest + at);
    Some(at + url.get(at..)?.find('?')?)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const LIMITS: &str = "fallback_application_name=doorward&target_session_attrs=read-write\
                        &connect_timeout=5&tcp_user_timeout=10000&keepalives_idle=5\
                        &keepalives_interval=2&keepalives_count=2&options=-c%20statement_timeout%3D7000%20-c%20idle_in_transaction_session_timeout%3D14000";

    fn with(url: &str) -> String {
        let settings = StoreSettings {
            readers: 1,
            pool: 1,
            connect_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(7),
            startup_timeout: Duration::ZERO,
        };
        with_limits(url, &settings)
    }

    #[test]
    fn limits_come_before_the_parameters_of_the_url() {
        assert_eq!(with("postgres://h/d"), format!("postgres://h/d?{LIMITS}"));
        let own = "target_session_attrs=any&sslmode=verify-full&connect_timeout=60";
        assert_eq!(
            with(&format!("postgres://u:p@a:1,b:2/d?{own}")),
            format!("postgres://u:p@a:1,b:2/d?{LIMITS}&{own}")
        );
    }

    #[test]
    fn options_of_the_url_come_after_the_limits() {
        let url = with("postgres://h/d?options=-c%20search_path%3Dx&sslmode=require");
        assert!(url.contains(&format!("?{LIMITS}&options=-c%20statement_timeout%3D7000")), "{url}");
        assert!(url.ends_with("%3D14000%20-c%20search_path%3Dx&sslmode=require"), "{url}");
    }

    #[test]
    fn a_question_mark_in_a_password_does_not_begin_the_parameters() {
        assert_eq!(with("postgres://u:p?x@h/d"), format!("postgres://u:p?x@h/d?{LIMITS}"));
        assert_eq!(with("postgres://u:p?x@h/d?a=b"), format!("postgres://u:p?x@h/d?{LIMITS}&a=b"));
        assert_eq!(with("postgres://h/d?user=a@b"), format!("postgres://h/d?{LIMITS}&user=a@b"));
        assert_eq!(with("postgres://?host=h"), format!("postgres://?{LIMITS}&host=h"));
    }
}
