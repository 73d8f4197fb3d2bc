//! The contract replay: sends the recorded requests (`tests/contract/cases`) to a running server and compares
//! each answer with the expectation. `tests/contract/README.md` describes the format. The caller starts the
//! server and creates the users:
//!
//! ```ignore
//! #[test]
//! fn the_recorded_contract_holds() {
//!     let corpus = Corpus::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contract/cases"));
//!     let server = TestServer::start();
//!     let ids = corpus.users.iter().map(|user| (user.key.clone(), server.add_user(user)));
//!     let target = Target {
//!         addr: server.addr(),
//!         signing_key: server.signing_key().to_owned(),
//!         ids: ids.collect(),
//!         reference: false,
//!         mailed: None,
//!     };
//!     let failed: Vec<String> = corpus
//!         .cases()
//!         .filter_map(|case| Some(format!("{case}: {}", corpus.replay(&target, case).err()?.join("; "))))
//!         .collect();
//!     assert!(failed.is_empty(), "{}", failed.join("\n"));
//! }
//! ```
//!
//! The fixture users must be created in order, without password rules, and the server must have no rate
//! limits. Each case registers further users under random names, so a database can be used again and cases
//! can run in parallel.

mod case;
mod compare;
mod craft;
mod issued;
mod jwt;
mod placeholder;
mod run;
mod value;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::SystemTime;

pub(crate) use case::{Case, Corpus};

use crate::http::Reply;

/// The server under test.
pub(crate) struct Target {
    pub addr: SocketAddr,
    /// The HS256 key that the server signs with.
    pub signing_key: String,
    /// The user id of each fixture user, by the user's `key`.
    pub ids: HashMap<String, i64>,
    /// Whether it is the reference server: then a `departure` is not expected, an answer of 500 is accepted
    /// where the case allows it, and no cookie attribute may be added.
    pub reference: bool,
    /// Where the cases need links from mails: a part of the last link that was mailed to an address with a name.
    pub mailed: Option<MailedPart>,
}

/// By the name in the address, and `uid`, `token` or `key`.
pub(crate) type MailedPart = Box<dyn Fn(&str, &str) -> Result<String, String> + Send + Sync>;

impl Target {
    fn id(&self, user: &str) -> Result<i64, String> {
        let id = self.ids.get(user).copied();
        id.ok_or_else(|| format!("the user {user:?} has no id"))
    }
}

impl Corpus {
    /// Replays one case.
    ///
    /// # Errors
    /// Every difference between the expected answer and the actual one, or the reason why there is no answer.
    pub(crate) fn replay(&self, target: &Target, case: &Case) -> Result<(), Vec<String>> {
        let differences = match run::replay(self, target, case) {
            Ok((expected, reply)) => compare::differences(&expected, &reply, target),
            Err(problem) => vec![problem],
        };
        if differences.is_empty() { Ok(()) } else { Err(differences) }
    }

    /// The answer to the request of one case.
    ///
    /// # Errors
    /// The reason why there is none.
    pub(crate) fn reply(&self, target: &Target, case: &Case) -> Result<Reply, String> {
        run::replay(self, target, case).map(|(_, reply)| reply)
    }
}

/// Seconds since 1970. The server under test uses the same clock.
#[expect(clippy::disallowed_methods, reason = "the clock outside the program")]
fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |time| time.as_secs().cast_signed())
}
