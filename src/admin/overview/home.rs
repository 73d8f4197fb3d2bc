//! `/admin/`: the overview, the start page of the admin.

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;

use crate::accounts::{self, StoppedClients};
use crate::admin::mail::query::{DEAD, WAITING};
use crate::admin::overview::chart::{Chart, ChartSpan, total};
use crate::admin::overview::statistics;
use crate::admin::overview::warnings;
use crate::admin::overview::warnings::{Outbox, OverviewWarning, State};
use crate::admin::session::Administrator;
use crate::admin::users::query::{LIST, NEW_USERS};
use crate::app::App;
use crate::passwords::Status;
use crate::store::queries::audit_list;
use crate::store::queries::audit_list::AuditFilter;
use crate::store::queries::mail_list;
use crate::store::queries::statistics::Statistics;
use crate::store::tables::audit::{Action, AuditRow};
use crate::store::tables::login_tallies::Tally;
use crate::store::tables::mails::DeliveryState;
use crate::store::tables::users;
use crate::store::{Conn, StoreError};
use crate::texts::Lang;
use crate::types::{DatabaseUrl, Timestamp};
use crate::web::layout::Layout;
use crate::web::{Page, PageError, When};

/// How far mails are counted.
const MAX_COUNTED: u32 = 10_000;

/// How many hours the chart by hour has, and a day.
const HOURS: usize = 24;

#[derive(Template)]
#[template(path = "admin/overview/home.html")]
struct HomePage {
    layout: Layout,
    warnings: Vec<OverviewWarning>,
    /// When the statistics were counted.
    counted: When,
    /// Label, number and path of the list.
    tiles: Vec<(&'static str, u64, &'static str)>,
    hours: Chart,
    days: Chart,
    /// Whether the newest logins are not counted yet.
    is_behind: bool,
    /// Label and number of what the limits stop now.
    stopped: [(&'static str, String); 2],
    /// Label, number and path of the list.
    mails: Vec<(&'static str, String, &'static str)>,
    mail_server: Option<String>,
    engine: Vec<(&'static str, String)>,
    database: Vec<(&'static str, String)>,
    last_backup: Option<When>,
}

/// `GET /admin/`.
pub(crate) async fn home(app: Data<App>, admin: Administrator) -> Result<HttpResponse, PageError> {
    let statistics = statistics::load(&app, admin.user.id).await?;
    let (limits, now) = (app.limits, admin.now);
    let read = move |conn: &mut Conn| {
        let has_candidates = users::any_candidate(conn)?;
        Ok((outbox(conn)?, last_backup(conn)?, has_candidates, accounts::count_stopped(conn, &limits, now)?))
    };
    let (outbox, last_backup, has_candidates, stopped) = app.store.read(read).await?;
    let administrators = accounts::count_administrators(&app).await?;
    let clock_was_ahead = accounts::clock_was_ahead(&app).await?;
    let engine = app.passwords.status();
    let state = State {
        statistics: &statistics,
        administrators,
        has_candidates,
        outbox: &outbox,
        engine: &engine,
        last_backup,
        clock_was_ahead,
    };
    let layout = admin.layout();
    let t = layout.t;
    let page = HomePage {
        warnings: warnings::all(&app, t, &state, admin.now),
        counted: When { words: t.ago_in_seconds(statistics.at, admin.now), ..layout.when(statistics.at) },
        tiles: tiles(t, &statistics),
        hours: by_hour(&statistics.logins),
        days: by_day(t, &statistics.logins),
        is_behind: statistics.is_behind,
        stopped: stopped_rows(t, stopped),
        mails: mail_rows(t, &outbox),
        mail_server: app.config.mail.smtp.as_ref().map(|smtp| format!("{}:{}", smtp.host, smtp.port)),
        engine: engine_rows(t, &engine),
        database: database_rows(t, &statistics, &app.config.database_url),
        last_backup: last_backup.map(|moment| layout.when(moment)),
        layout,
    };
    Ok(admin.render(Page::new(page)))
}

fn outbox(conn: &mut Conn) -> Result<Outbox, StoreError> {
    Ok(Outbox {
        waiting: mail_list::count_up_to(conn, DeliveryState::Waiting, MAX_COUNTED)?,
        dead: mail_list::count_up_to(conn, DeliveryState::Dead, MAX_COUNTED)?,
        oldest: mail_list::oldest_waiting(conn)?,
        last_error: mail_list::error_of_waiting(conn)?,
    })
}

fn last_backup(conn: &mut Conn) -> Result<Option<Timestamp>, StoreError> {
    let backups = AuditFilter { action: Some(Action::BackedUp), ..AuditFilter::default() };
    Ok(audit_list::page(conn, &backups, false, None, 1)?.first().map(AuditRow::at))
}

fn tiles(t: Lang, statistics: &Statistics) -> Vec<(&'static str, u64, &'static str)> {
    vec![
        (t.count_users(), statistics.users, LIST),
        (t.count_confirmed(), statistics.confirmed, "/admin/users/?confirmed=yes"),
        (t.count_active(), statistics.active, "/admin/users/?active=yes"),
        (t.count_new(), statistics.new, NEW_USERS),
    ]
}

fn by_hour(logins: &[Tally]) -> Chart {
    let last = logins.get(logins.len().saturating_sub(HOURS)..).unwrap_or(logins);
    Chart::new(last.iter().map(|hour| span(std::slice::from_ref(hour), clock_time(hour))).collect())
}

/// The tallies begin at midnight.
fn by_day(t: Lang, logins: &[Tally]) -> Chart {
    let name = |hours: &[Tally]| hours.first().map_or_else(String::new, |first| t.day(first.hour));
    Chart::new(logins.chunks(HOURS).map(|hours| span(hours, name(hours))).collect())
}

fn span(hours: &[Tally], name: String) -> ChartSpan {
    let (worked, failed) = total(hours);
    let iso = hours.first().map_or_else(String::new, |first| first.hour.to_rfc3339());
    ChartSpan { name, iso, worked, failed }
}

fn clock_time(hour: &Tally) -> String {
    format!("{:02}:00", hour.hour.seconds().rem_euclid(24 * 3600) / 3600)
}

fn mail_rows(t: Lang, outbox: &Outbox) -> Vec<(&'static str, String, &'static str)> {
    let number = |count: u64| match count < u64::from(MAX_COUNTED) {
        true => t.number(count),
        false => t.at_least(t.number(count)),
    };
    vec![
        (t.mail_waiting(), number(outbox.waiting), WAITING),
        (t.mail_failed_count(), number(outbox.dead), DEAD),
    ]
}

fn stopped_rows(t: Lang, stopped: StoppedClients) -> [(&'static str, String); 2] {
    [(t.blocked_addresses(), t.number(stopped.addresses)), (t.blocked_names(), t.number(stopped.names))]
}

fn engine_rows(t: Lang, engine: &Status) -> Vec<(&'static str, String)> {
    let wait = if engine.wait.is_zero() { t.engine_no_wait().to_owned() } else { t.measured(engine.wait) };
    let took = engine.took.map_or_else(|| t.engine_nothing_yet().to_owned(), |took| t.measured(took));
    let per_second = 1.0 / engine.each.as_secs_f64().max(1e-9);
    vec![
        (t.engine_queue(), t.engine_places(t.number(engine.waiting as u64), t.number(engine.places as u64))),
        (t.engine_wait(), wait),
        (t.engine_response_time(), took),
        (t.engine_capacity(), t.engine_per_second(t.about(per_second))),
    ]
}

fn database_rows(t: Lang, statistics: &Statistics, url: &DatabaseUrl) -> Vec<(&'static str, String)> {
    let kind = match url {
        DatabaseUrl::Sqlite(_) => "SQLite",
        DatabaseUrl::Postgres(_) => "PostgreSQL",
    };
    let mut rows = vec![(t.database_kind(), kind.to_owned()), (t.database_size(), t.bytes(statistics.bytes))];
    rows.extend(statistics.free_bytes.map(|free| (t.database_free(), t.bytes(free))));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tables::login_tallies::HOUR;

    /// Tallies from midnight on 14 November 2023, with as many logins as hours have passed.
    fn logins(hours: u32) -> Vec<Tally> {
        let midnight = Timestamp::from_seconds(1_699_920_000);
        let hour =
            |number| Tally { hour: midnight.plus(HOUR * number), worked: u64::from(number), failed: 1 };
        (0..hours).map(hour).collect()
    }

    #[test]
    fn the_charts_have_the_last_hours_and_all_days() {
        let logins = logins(24 * 2 + 5);
        let (hours, days) = (by_hour(&logins), by_day(Lang::English, &logins));
        assert_eq!(hours.bars.len(), 24);
        assert_eq!(hours.axis_labels(), ["05:00", "17:00", "04:00"]);
        assert_eq!(
            (days.bars.len(), days.axis_labels()),
            (3, vec!["14 November", "15 November", "16 November"])
        );
        let counts: Vec<_> = days.bars.iter().map(|bar| (bar.span.worked, bar.span.failed)).collect();
        assert_eq!(counts, [((0..24).sum(), 24), ((24..48).sum(), 24), ((48..53).sum(), 5)]);
        assert_eq!(by_hour(&logins[..3]).bars.len(), 3);
    }
}
