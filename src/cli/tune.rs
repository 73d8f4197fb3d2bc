//! `doorward tune`: how fast this machine hashes passwords, and which bcrypt cost suits it.

use std::collections::BTreeMap;

use clap::Args;
use serde_json::json;

use super::error::CliError;
use super::global_args::GlobalArgs;
use super::output;
use super::runtime::block_on;
use crate::accounts::hash_in_words;
use crate::app::{App, each_core};
use crate::passwords::formats::Encoding;
use crate::passwords::tune::{self, TARGET, TRIAL_COST, TuneReport};
use crate::store::tables::users;
use crate::texts::Lang;
use crate::types::UserId;

/// The arguments of `doorward tune`.
#[derive(Debug, Args)]
pub(super) struct TuneArgs {
    /// Print logins a second for each format of password hash in the database
    #[arg(long)]
    formats: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Measures, and prints a table.
pub(super) fn run(global: GlobalArgs, args: &TuneArgs) -> Result<(), CliError> {
    if args.formats {
        return formats(global, args.json);
    }
    let config = global.load(Vec::new())?;
    let report = tune::measure(each_core(config.password.threads));
    if args.json {
        return output::line(&format!("{:#}", as_json(&report)));
    }
    let threads =
        if report.threads == 1 { "1 thread".to_owned() } else { format!("{} threads", report.threads) };
    output::line(&format!("{threads}, up to {} hashes at once on each\n", report.width))?;
    output::line("cost   one login   logins/s at   logins/s     a login at")?;
    output::line("           alone    full queue   one by one   full queue")?;
    for row in &report.rows {
        output::line(&format!(
            "{:>4}   {:>6.0} ms   {:>11.1}   {:>10.1}   {:>7.0} ms",
            row.cost,
            row.alone.as_secs_f64() * 1e3,
            row.per_second,
            row.per_second_without_lanes,
            row.in_a_crowd.as_secs_f64() * 1e3,
        ))?;
    }
    output::line(&format!(
        "\nMeasured at cost {TRIAL_COST}; each step of the cost doubles the time. Other work on this machine affects the result."
    ))?;
    let (cost, now) = (report.recommended, config.password.cost.get());
    let target = TARGET.as_millis();
    output::line(&format!("For a login of at most {target} ms: password.cost = {cost} (now {now})"))
}

/// Users that are read at once.
const PAGE: i64 = 10_000;

/// Prints how fast each format of the database is checked.
fn formats(global: GlobalArgs, json: bool) -> Result<(), CliError> {
    let app = global.open_existing()?;
    let counts = block_on(count_formats(&app))?;
    let threads = app.passwords.threads();
    let budget = app.config.password.foreign_memory as u64;
    let bcrypt = tune::measure(threads);
    let trial = bcrypt.rows.first().map_or(0.0, |row| row.per_second);
    // A weak digest takes the time of a new hash, so that its failed logins are like all others.
    let at_cost = |cost: u32| trial * 2f64.powi(TRIAL_COST as i32 - cost as i32);
    let rate = |encoding: &Encoding| match encoding {
        Encoding::Bcrypt(hash) => at_cost(hash.cost),
        Encoding::Foreign(hash) => tune::foreign_rate(threads, hash.parameters, budget),
        Encoding::Weak(_) => at_cost(app.config.password.cost.get()),
    };
    let rows: Vec<_> = counts
        .into_iter()
        .map(|(format, FormatCount { users, example })| (format, users, example.as_ref().map(rate)))
        .collect();
    if json {
        let rows: Vec<_> = rows
            .iter()
            .map(|(format, users, rate)| {
                json!({"format": format, "users": users, "logins_per_second": rate.map(rounded)})
            })
            .collect();
        return output::line(&format!("{:#}", json!({"threads": threads, "formats": rows})));
    }
    output::line("   users   logins/s   format")?;
    for (format, users, rate) in rows {
        let rate = rate.map_or_else(|| "-".to_owned(), |rate| format!("{rate:.1}"));
        output::escaped_line(&format!("{users:>8}   {rate:>8}   {format}"))?;
    }
    output::line(
        "\nLogins a second at a full queue, if all were of this format. A login with another format than bcrypt_sha256 is hashed again after its answer.",
    )
}

/// The users of a format, and one of their hashes if it can be checked.
struct FormatCount {
    users: u64,
    example: Option<Encoding>,
}

/// Counts all users by the format of their hash, in words.
async fn count_formats(app: &App) -> Result<BTreeMap<String, FormatCount>, CliError> {
    let (mut counts, mut after) = (BTreeMap::<String, FormatCount>::new(), UserId::new(i64::MIN));
    loop {
        let page = app.store.read(move |conn| users::hashes_after(conn, after, PAGE)).await?;
        let Some((last, _)) = page.last() else { return Ok(counts) };
        after = *last;
        for (_, hash) in page {
            let (format, example) = match app.passwords.read(&hash) {
                Ok(encoding) => (hash_in_words(Lang::English, &encoding), Some(encoding)),
                Err(reason) => (format!("unreadable: {reason}"), None),
            };
            counts.entry(format).or_insert(FormatCount { users: 0, example }).users += 1;
        }
    }
}

/// Rounded to a thousandth; the measurement is less precise than that.
fn rounded(number: f64) -> f64 {
    (number * 1e3).round() / 1e3
}

fn as_json(report: &TuneReport) -> serde_json::Value {
    let rows: Vec<_> = report
        .rows
        .iter()
        .map(|row| {
            json!({
                "cost": row.cost,
                "alone_ms": rounded(row.alone.as_secs_f64() * 1e3),
                "full_queue_ms": rounded(row.in_a_crowd.as_secs_f64() * 1e3),
                "logins_per_second": rounded(row.per_second),
                "logins_per_second_without_lanes": rounded(row.per_second_without_lanes),
            })
        })
        .collect();
    json!({"threads": report.threads, "lanes": report.width, "measured_cost": TRIAL_COST, "costs": rows, "recommended_cost": report.recommended})
}
