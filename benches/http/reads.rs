//! `GET /api/user/` against an Actix handler that returns a constant of the same size.

use std::path::Path;

use serde_json::{Value, json};

use crate::Spans;
use crate::load::client::{get, get_user};
use crate::load::loads::closed;
use crate::load::numbers::{Spread, median};
use crate::load::server::{Server, token};
use crate::load::users::{fill, id};

const CLIENTS: usize = 16;
const ROUNDS: usize = 3;

pub(crate) fn measure(folder: &Path, spans: Spans) -> Value {
    fill(folder, 4, 1);
    let (server, rival) = (Server::start(folder, 4), Server::rival());
    let (request, bare) = (get_user(&token(id(0))), get("/", ""));
    let span = spans.seconds(3, 5);
    let (mut rates, mut ratios, mut times) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let ours = closed(server.address, CLIENTS, span, |_, _| request.clone());
        let theirs = closed(rival.address, CLIENTS, span, |_, _| bare.clone());
        assert_eq!(ours.other_than(&[200]) + theirs.other_than(&[200]), 0, "a request failed");
        let (rate, bare) = (ours.steady(200, span), theirs.steady(200, span));
        println!(
            "GET /api/user/ with {CLIENTS} clients: {rate:.0}/s; bare Actix {bare:.0}/s; ratio {:.3}",
            rate / bare
        );
        rates.push(rate);
        ratios.push(rate / bare);
        times.extend(ours.times(200));
    }
    let (rate, ratio, spread, peak) = (median(rates), median(ratios), Spread::of(&times), server.peak());
    println!("median {rate:.0}/s, ratio {ratio:.3}; {spread}; resident memory {peak:.1} MB at most");
    json!({ "clients": CLIENTS, "per_second": rate, "of_bare": ratio, "times": spread, "peak_mb": peak })
}
