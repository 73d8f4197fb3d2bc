//! `doorward tune`: how fast this machine hashes passwords, and which bcrypt cost suits it.

use clap::Args;
use serde_json::json;

use super::error::CliError;
use super::global_args::GlobalArgs;
use super::output;
use crate::app::each_core;
use crate::passwords::tune::{self, TARGET, TRIAL_COST, TuneReport};

/// The arguments of `doorward tune`.
#[derive(Debug, Args)]
pub(super) struct TuneArgs {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Measures, and prints a table.
pub(super) fn run(global: GlobalArgs, args: &TuneArgs) -> Result<(), CliError> {
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
