//! `GET /api/user/` with a token of each algorithm, on servers that run at once and take turns, so that noise of the
//! machine affects all.

use std::path::Path;

use serde_json::{Map, Value, json};

use crate::Spans;
use crate::load::client::{get_user, login};
use crate::load::loads::closed;
use crate::load::numbers::median;
use crate::load::server::Server;
use crate::load::users::{file_in, fill};

const CLIENTS: usize = 16;
const ROUNDS: usize = 5;
/// The first is what the others are compared with.
const ALGORITHMS: [&str; 4] = ["HS256", "ES256", "EdDSA", "RS256"];

pub(crate) fn measure(folder: &Path, spans: Spans) -> Value {
    let ends = ALGORITHMS.map(|algorithm| {
        let folder = folder.join(algorithm);
        std::fs::create_dir(&folder).unwrap();
        fill(&folder, 4, CLIENTS);
        let server = Server::start_signing(&file_in(&folder), 4, algorithm);
        let requests: Vec<String> = (0..CLIENTS).map(|client| get_user(&access(&server, client))).collect();
        (server, requests)
    });
    let span = spans.seconds(2, 5);
    let mut rates = [const { Vec::new() }; 4];
    for _ in 0..ROUNDS {
        for (rates, (server, requests)) in rates.iter_mut().zip(&ends) {
            let answers = closed(server.address, CLIENTS, span, |client, _| requests[client].clone());
            assert_eq!(answers.other_than(&[200]), 0, "a request failed");
            rates.push(answers.steady(200, span));
        }
    }
    let ratios = |of: &[f64]| median(of.iter().zip(&rates[0]).map(|(one, first)| one / first).collect());
    let mut report = Map::new();
    for (algorithm, rates) in ALGORITHMS.iter().zip(&rates) {
        let (rate, ratio) = (median(rates.clone()), ratios(rates));
        println!("GET /api/user/ with {algorithm}: {rate:.0}/s; of {} {ratio:.3}", ALGORITHMS[0]);
        report.insert((*algorithm).to_owned(), json!({ "per_second": rate, "ratio": ratio }));
    }
    Value::Object(report)
}

/// The access token that a login of the `number`th user gives.
fn access(server: &Server, number: usize) -> String {
    let mut connection = server.connection();
    assert_eq!(connection.send(&login(number)).unwrap(), 200);
    let cookie = connection.header("set-cookie").unwrap();
    let (name, rest) = cookie.split_once('=').unwrap();
    assert_eq!(name, "access_token");
    rest.split(';').next().unwrap().to_owned()
}
