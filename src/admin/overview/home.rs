//! `/admin/`: how it is going, and what to look at. Where administrators arrive.

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;

use crate::accounts;
use crate::admin::overview::chart::{Chart, ChartSpan, total};
use crate::admin::overview::statistics;
use crate::admin::overview::warnings;
use crate::admin::overview::warnings::{Known, Outbox, OverviewWarning};
use crate::app::App;
use crate::passwords::Status;
use crate::store::queries::audit_list;
use crate::store::queries::audit_list::AuditFilter;
use crate::store::queries::mail_list;
use crate::store::queries::statistics::Statistics;
use crate::store::tables::audit::{Action, AuditRow};
use crate::store::tables::login_tallies::Tally;
use crate::store::tables::mails::DeliveryState;
use crate::store::{Conn, StoreError};
use crate::texts::Lang;
use crate::types::{DatabaseUrl, Timestamp};
use crate::web::layout::{Layout, Section};
use crate::web::session::guard::Administrator;
use crate::web::{Page, PageError, When};

/// How far mails are counted.
const COUNTED: u32 = 10_000;

/// How many hours the first drawing has, and a day.
const HOURS: usize = 24;

#[derive(Template)]
#[template(path = "admin/overview/home.html")]
struct HomePage {
    shell: Layout,
    warnings: Vec<OverviewWarning>,
    counted: When,
    /// Label, number and where those are.
    tiles: Vec<(&'static str, u64, &'static str)>,
    hours: Chart,
    days: Chart,
    is_behind: bool,
    /// Label, number and where those are.
    mails: Vec<(&'static str, String, &'static str)>,
    mail_server: Option<String>,
    engine: Vec<(&'static str, String)>,
    database: Vec<(&'static str, String)>,
    last_backup: Option<When>,
}

/// `GET /admin/`.
pub(crate) async fn home(app: Data<App>, admin: Administrator) -> Result<HttpResponse, PageError> {
    let figures = statistics::latest(&app, admin.user.id).await?;
    let (outbox, last_backup) = app.store.read(|conn| Ok((look_at_mails(conn)?, last_backup(conn)?))).await?;
    let administrators = accounts::count_administrators(&app).await?;
    let engine = app.passwords.status();
    let known = Known { figures: &figures, administrators, outbox: &outbox, engine: &engine, last_backup };
    let shell = admin.shell(Section::Home);
    let t = shell.t;
    let page = HomePage {
        warnings: warnings::all(&app, t, &known, admin.now),
        counted: When { words: t.ago_in_seconds(figures.at, admin.now), ..shell.when(figures.at) },
        tiles: tiles(t, &figures),
        hours: by_hour(&figures.logins),
        days: by_day(t, &figures.logins),
        is_behind: figures.is_behind,
        mails: mails(t, &outbox),
        mail_server: app.config.mail.smtp.as_ref().map(|smtp| format!("{}:{}", smtp.host, smtp.port)),
        engine: engine_in_words(t, &engine),
        database: database(t, &figures, &app.config.database_url),
        last_backup: last_backup.map(|moment| shell.when(moment)),
        shell,
    };
    Ok(admin.answer(Page::new(page)))
}

fn look_at_mails(conn: &mut Conn) -> Result<Outbox, StoreError> {
    Ok(Outbox {
        waiting: mail_list::count_up_to(conn, DeliveryState::Waiting, COUNTED)?,
        dead: mail_list::count_up_to(conn, DeliveryState::Dead, COUNTED)?,
        oldest: mail_list::oldest_waiting(conn)?,
    })
}

fn last_backup(conn: &mut Conn) -> Result<Option<Timestamp>, StoreError> {
    let backups = AuditFilter { action: Some(Action::BackedUp), ..AuditFilter::default() };
    Ok(audit_list::page(conn, &backups, false, None, 1)?.first().map(AuditRow::at))
}

fn tiles(t: Lang, figures: &Statistics) -> Vec<(&'static str, u64, &'static str)> {
    vec![
        (t.figure_users(), figures.users, "/admin/users/"),
        (t.figure_confirmed(), figures.confirmed, "/admin/users/?confirmed=yes"),
        (t.figure_active(), figures.active, "/admin/users/?active=yes"),
        (t.figure_new(), figures.new, crate::admin::users::query::NEW),
    ]
}

fn by_hour(logins: &[Tally]) -> Chart {
    let last = logins.get(logins.len().saturating_sub(HOURS)..).unwrap_or(logins);
    Chart::new(last.iter().map(|hour| stretch(std::slice::from_ref(hour), clock_of(hour))).collect())
}

/// The figures begin at midnight.
fn by_day(t: Lang, logins: &[Tally]) -> Chart {
    let name = |hours: &[Tally]| hours.first().map_or_else(String::new, |first| t.day(first.hour));
    Chart::new(logins.chunks(HOURS).map(|hours| stretch(hours, name(hours))).collect())
}

fn stretch(hours: &[Tally], name: String) -> ChartSpan {
    let (worked, failed) = total(hours);
    let iso = hours.first().map_or_else(String::new, |first| first.hour.to_rfc3339());
    ChartSpan { name, iso, worked, failed }
}

fn clock_of(hour: &Tally) -> String {
    format!("{:02}:00", hour.hour.seconds().rem_euclid(24 * 3600) / 3600)
}

fn mails(t: Lang, outbox: &Outbox) -> Vec<(&'static str, String, &'static str)> {
    let number = |count: u64| match count < u64::from(COUNTED) {
        true => t.number(count),
        false => t.at_least(t.number(count)),
    };
    vec![
        (t.mail_waiting(), number(outbox.waiting), crate::admin::mail::query::WAITING),
        (t.mail_given_up(), number(outbox.dead), crate::admin::mail::query::DEAD),
    ]
}

fn engine_in_words(t: Lang, engine: &Status) -> Vec<(&'static str, String)> {
    let wait = if engine.wait.is_zero() { t.engine_no_wait().to_owned() } else { t.measured(engine.wait) };
    let took = engine.took.map_or_else(|| t.engine_nothing_yet().to_owned(), |took| t.measured(took));
    let most = 1.0 / engine.each.as_secs_f64().max(1e-9);
    vec![
        (t.engine_queue(), t.engine_places(t.number(engine.waiting as u64), t.number(engine.places as u64))),
        (t.engine_wait(), wait),
        (t.engine_took(), took),
        (t.engine_most(), t.engine_per_second(t.about(most))),
    ]
}

fn database(t: Lang, figures: &Statistics, url: &DatabaseUrl) -> Vec<(&'static str, String)> {
    let kind = match url {
        DatabaseUrl::Sqlite(_) => "SQLite",
        DatabaseUrl::Postgres(_) => "PostgreSQL",
    };
    let mut rows = vec![(t.database_kind(), kind.to_owned()), (t.database_size(), t.bytes(figures.bytes))];
    rows.extend(figures.free_bytes.map(|free| (t.database_free(), t.bytes(free))));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tables::login_tallies::HOUR;

    /// From midnight on 14 November 2023, with as many logins as hours have passed.
    fn logins(hours: u32) -> Vec<Tally> {
        let midnight = Timestamp::from_seconds(1_699_920_000);
        let hour =
            |number| Tally { hour: midnight.plus(HOUR * number), worked: u64::from(number), failed: 1 };
        (0..hours).map(hour).collect()
    }

    #[test]
    fn the_last_hours_are_drawn_and_the_days_as_far_as_they_went() {
        let logins = logins(24 * 2 + 5);
        let (hours, days) = (by_hour(&logins), by_day(Lang::English, &logins));
        assert_eq!(hours.bars.len(), 24);
        assert_eq!(hours.ends(), ["05:00", "17:00", "04:00"]);
        assert_eq!((days.bars.len(), days.ends()), (3, vec!["14 November", "15 November", "16 November"]));
        let counts: Vec<_> = days.bars.iter().map(|bar| (bar.stretch.worked, bar.stretch.failed)).collect();
        assert_eq!(counts, [((0..24).sum(), 24), ((24..48).sum(), 24), ((48..53).sum(), 5)]);
        assert_eq!(by_hour(&logins[..3]).bars.len(), 3);
    }
}
