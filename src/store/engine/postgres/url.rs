//! What we add to the operator's URL. What it says itself wins and reaches libpq untouched:
//! several hosts, `sslmode`, `target_session_attrs`, …

use crate::store::engine::postgres::StoreSettings;

/// The URL with our time limits in front of its own parameters: of two alike, libpq takes the
/// last (PostgreSQL documentation, "Connection URIs").
pub(crate) fn with_limits(url: &str, settings: &StoreSettings) -> String {
    let options = options(settings);
    let (place, query) = url.split_at(query_start(url).unwrap_or(url.len()));
    let theirs = query.strip_prefix('?').unwrap_or_default();
    // `options` is a list in itself: theirs goes behind ours, and again the last one counts.
    let theirs = theirs.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        pair.strip_prefix("options=")
            .map_or_else(|| pair.to_owned(), |more| format!("options={options}%20{more}"))
    });
    let ours = format!(
        "fallback_application_name=doorward&{PRIMARY}&connect_timeout={}&{DEAD_PEER}&options={options}",
        settings.connect_timeout.as_secs()
    );
    let query: Vec<String> = std::iter::once(ours).chain(theirs).collect();
    format!("{place}?{}", query.join("&"))
}

/// Of several hosts, the one that takes writes: no other is of use.
const PRIMARY: &str = "target_session_attrs=read-write";

/// A server that vanished without a word is noticed within ten seconds: when nobody confirms
/// what we sent (`tcp_user_timeout`, in milliseconds), or what we send to ask (`keepalives…`, in
/// seconds and tries).
const DEAD_PEER: &str = "tcp_user_timeout=10000&keepalives_idle=5&keepalives_interval=2&keepalives_count=2";

/// The server's own limits, in milliseconds: how long it works on a statement, and how long it
/// lets us hold locks and do nothing, as when this process is frozen.
fn options(settings: &StoreSettings) -> String {
    let limit = settings.statement_timeout.as_millis();
    let idle = 2 * limit;
    format!("-c%20statement_timeout%3D{limit}%20-c%20idle_in_transaction_session_timeout%3D{idle}")
}

/// Where libpq sees the `?` before the parameters: after the `@` of a user and password, in which
/// a question mark is none (`fe-connect.c`, `conninfo_uri_parse_options`).
fn query_start(url: &str) -> Option<usize> {
    let rest = url.find("://")? + "://".len();
    let at = url.get(rest..)?.find(['@', '/']).map_or(rest, |at| rest + at);
    Some(at + url.get(at..)?.find('?')?)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const OURS: &str = "fallback_application_name=doorward&target_session_attrs=read-write\
                        &connect_timeout=5&tcp_user_timeout=10000&keepalives_idle=5\
                        &keepalives_interval=2&keepalives_count=2&options=-c%20statement_timeout%3D7000%20-c%20idle_in_transaction_session_timeout%3D14000";

    fn with(url: &str) -> String {
        let settings = StoreSettings {
            readers: 1,
            pool: 1,
            connect_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(7),
            wait_for: Duration::ZERO,
        };
        with_limits(url, &settings)
    }

    #[test]
    fn the_limits_stand_before_what_the_url_says_and_leave_it_alone() {
        assert_eq!(with("postgres://h/d"), format!("postgres://h/d?{OURS}"));
        let theirs = "target_session_attrs=any&sslmode=verify-full&connect_timeout=60";
        assert_eq!(
            with(&format!("postgres://u:p@a:1,b:2/d?{theirs}")),
            format!("postgres://u:p@a:1,b:2/d?{OURS}&{theirs}")
        );
    }

    #[test]
    fn further_options_come_after_ours() {
        let url = with("postgres://h/d?options=-c%20search_path%3Dx&sslmode=require");
        assert!(url.contains(&format!("?{OURS}&options=-c%20statement_timeout%3D7000")), "{url}");
        assert!(url.ends_with("%3D14000%20-c%20search_path%3Dx&sslmode=require"), "{url}");
    }

    #[test]
    fn a_question_mark_in_the_password_begins_no_parameters() {
        assert_eq!(with("postgres://u:p?x@h/d"), format!("postgres://u:p?x@h/d?{OURS}"));
        assert_eq!(with("postgres://u:p?x@h/d?a=b"), format!("postgres://u:p?x@h/d?{OURS}&a=b"));
        assert_eq!(with("postgres://h/d?user=a@b"), format!("postgres://h/d?{OURS}&user=a@b"));
        assert_eq!(with("postgres://?host=h"), format!("postgres://?{OURS}&host=h"));
    }
}
