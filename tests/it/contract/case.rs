//! The format of the case files. An unknown key fails the tests, so that no part of a case is ignored.

use std::collections::{BTreeMap, HashSet};
use std::fmt::{self, Display};
use std::fs;
use std::path::{Path, PathBuf};

use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// All cases, and the users that they need.
pub(crate) struct Corpus {
    /// In the order of their creation.
    pub users: Vec<User>,
    /// The cases by theme.
    pub themes: BTreeMap<String, Vec<Case>>,
}

impl Corpus {
    /// Reads `fixtures.json` and all other `*.json` of a folder.
    ///
    /// # Panics
    /// If a file cannot be parsed, or two cases have the same name.
    #[expect(clippy::panic, reason = "without its cases the test cannot go on")]
    pub(crate) fn load(dir: &Path) -> Self {
        let mut files = Vec::new();
        let entries = fs::read_dir(dir).unwrap_or_else(|e| panic!("{}: {e}", dir.display()));
        for path in entries.flatten().map(|entry| entry.path()) {
            let is_json = path.extension().is_some_and(|ext| ext == "json");
            if is_json && !path.ends_with("fixtures.json") {
                files.push(path);
            }
        }
        Self::of(&dir.join("fixtures.json"), &files)
    }

    /// Reads the users and the files with cases.
    ///
    /// # Panics
    /// As [`Self::load`].
    pub(crate) fn of(fixtures: &Path, files: &[PathBuf]) -> Self {
        let fixtures: Fixtures = read(fixtures);
        let mut corpus = Self { users: fixtures.users, themes: BTreeMap::new() };
        for path in files {
            let theme: Theme = read(path);
            corpus.themes.entry(theme.theme).or_default().extend(theme.cases);
        }
        let mut names = HashSet::new();
        for case in corpus.cases() {
            assert!(names.insert(&case.name), "two cases are called {}", case.name);
        }
        corpus
    }

    pub(crate) fn cases(&self) -> impl Iterator<Item = &Case> {
        self.themes.values().flatten()
    }
}

#[expect(clippy::panic, reason = "without its cases the test cannot go on")]
fn read<T: DeserializeOwned>(path: &Path) -> T {
    let file = path.display();
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{file}: {e}"));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{file}: {e}"))
}

#[derive(Deserialize)]
struct Fixtures {
    users: Vec<User>,
}

/// A user that must exist before the cases are replayed.
#[derive(Deserialize)]
pub(crate) struct User {
    pub key: String,
    pub username: String,
    pub email: String,
    pub password: String,
    /// Whether the email is confirmed.
    pub confirmed: bool,
    pub active: bool,
}

#[derive(Deserialize)]
struct Theme {
    theme: String,
    cases: Vec<Case>,
}

/// One exchange: a request and the expected answer.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub name: String,
    source: String,
    basis: Option<String>,
    #[serde(default)]
    pub(super) tokens: BTreeMap<String, Recipe>,
    #[serde(default)]
    pub(super) before: Vec<Step>,
    pub(super) request: Step,
    pub(super) expected: Expected,
    pub(super) departure: Option<Departure>,
    /// For the reader of the file only, like the next three.
    #[serde(default, rename = "note")]
    _note: IgnoredAny,
    #[serde(default, rename = "tags")]
    _tags: IgnoredAny,
    #[serde(default, rename = "reference")]
    _reference: IgnoredAny,
    #[serde(default, rename = "reference_differs")]
    _reference_differs: IgnoredAny,
}

impl Case {
    /// The method and the path of the request.
    pub(crate) fn asks(&self) -> (&str, &str) {
        (&self.request.method, &self.request.path)
    }
}

/// The name, and the source of the expectation.
impl Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{}", self.name, self.source)?;
        match &self.basis {
            Some(basis) => write!(f, "/{basis}]"),
            None => write!(f, "]"),
        }
    }
}

/// How a token is obtained.
#[derive(Deserialize, Clone)]
#[serde(untagged, deny_unknown_fields)]
pub(crate) enum Recipe {
    /// The cookie of a login.
    Login { login: LoginAs },
    /// `access` (the default) or `refresh` of the token endpoint's answer.
    Obtain { obtain: LoginAs, which: Option<String> },
    /// Made here.
    Craft { craft: Box<Craft> },
}

impl Recipe {
    /// The path of the endpoint that issues it.
    pub(crate) fn endpoint(&self) -> Option<&'static str> {
        match self {
            Self::Login { .. } => Some("/api/login/"),
            Self::Obtain { .. } => Some("/api/token/"),
            Self::Craft { .. } => None,
        }
    }
}

#[derive(Deserialize, Clone)]
#[serde(untagged, deny_unknown_fields)]
pub(crate) enum LoginAs {
    /// The key of a fixture user.
    Fixture(String),
    Named {
        username: Value,
        password: Value,
    },
}

/// Differences between a token and a valid one.
#[derive(Deserialize, Clone, Default)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Craft {
    /// The fixture user whose id is the claim `user_id`.
    pub user: Option<String>,
    /// `token_type`; `access` unless given.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The `alg` of the header; `HS256` unless given.
    pub alg: Option<String>,
    /// The algorithm of the signature, if not `alg`; null for no signature.
    #[serde(deserialize_with = "present")]
    pub mac: Option<Option<String>>,
    pub key: Key,
    /// Claims to add or to replace.
    pub claims: Map<String, Value>,
    pub drop: Vec<String>,
    /// Header fields to add or to replace; null removes one.
    pub header: Map<String, Value>,
    /// Replaces the whole header, JSON or not.
    pub header_text: Option<String>,
    /// Replaces all claims, JSON or not.
    pub payload_text: Option<String>,
    /// Claims to change after signing.
    pub forge: Option<Map<String, Value>>,
    /// How many characters of the signature to leave out.
    pub cut_signature: usize,
}

#[derive(Deserialize, Clone, Copy, Default)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Key {
    #[default]
    Server,
    Other,
    Empty,
}

/// One request. At most one of the five kinds of body is there.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    pub method: String,
    pub path: String,
    /// Null removes a default header.
    #[serde(default)]
    pub headers: BTreeMap<String, Option<Value>>,
    #[serde(default)]
    pub cookies: BTreeMap<String, Value>,
    #[serde(default, deserialize_with = "present")]
    pub json: Option<Value>,
    pub form: Option<Form>,
    pub multipart: Option<Vec<FormPart>>,
    pub body: Option<Value>,
    pub body_b64: Option<String>,
    /// For a step before the request: the expected status; any 2xx by default.
    pub status: Option<u16>,
}

#[derive(Deserialize, Clone)]
#[serde(untagged)]
pub(crate) enum Form {
    Fields(BTreeMap<String, Value>),
    Pairs(Vec<(String, Value)>),
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub(crate) struct FormPart {
    pub name: String,
    pub value: Value,
    pub filename: Option<String>,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
}

/// The expected answer. Parts that are not given are not compared.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expected {
    pub status: Status,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// All cookies that are set.
    pub cookies: Option<BTreeMap<String, ExpectedCookie>>,
    #[serde(default, deserialize_with = "present")]
    pub body: Option<Value>,
}

#[derive(Deserialize, Clone)]
#[serde(untagged)]
pub(crate) enum Status {
    One(u16),
    Several { any_of: Vec<u16> },
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExpectedCookie {
    pub value: Value,
    /// By name; true stands for a bare flag.
    pub attributes: BTreeMap<String, Value>,
}

/// The answer of this project's server where it differs from the reference on purpose.
#[derive(Deserialize, Clone)]
pub(crate) struct Departure {
    pub expected: Expected,
}

/// Distinguishes null from a missing key.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{from_value, json};

    fn case(more: Value) -> Result<Case, serde_json::Error> {
        let mut case = json!({
            "name": "a/b", "source": "recorded", "basis": "library",
            "request": {"method": "GET", "path": "/api/user/?x=1"}, "expected": {"status": 200},
        });
        let more = more.as_object().unwrap().clone();
        case.as_object_mut().unwrap().extend(more);
        from_value(case)
    }

    #[test]
    fn a_misspelt_key_is_an_error() {
        for wrong in [
            json!({"departs": {}}),
            json!({"tokens": {"t": {"craft": {"usr": "alice"}}}}),
            json!({"request": {"method": "GET", "path": "/", "jsn": 1}}),
            json!({"expected": {"status": 200, "cookie": {}}}),
        ] {
            assert!(case(wrong.clone()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_body_of_null_is_a_body() {
        let with_null = json!({"request": {"method": "POST", "path": "/", "json": null}});
        assert_eq!(case(with_null).unwrap().request.json, Some(Value::Null));
        assert_eq!(case(json!({})).unwrap().request.json, None);
    }

    #[test]
    fn a_case_is_printed_with_its_origin() {
        assert_eq!(case(json!({})).unwrap().to_string(), "a/b [recorded/library]");
    }

    #[test]
    fn the_whole_corpus_is_parsed() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let corpus = Corpus::load(&root.join("tests/contract/cases"));
        assert_eq!((corpus.users.len(), corpus.cases().count()), (11, 200));
        assert!(corpus.users.iter().all(|user| user.email.contains('@')));
        let keys: Vec<&str> = corpus.users.iter().map(|user| user.key.as_str()).collect();
        assert_eq!(keys[..3], ["alice", "bob", "carol"]);
        assert!(corpus.users[0].confirmed && !corpus.users[2].active);
    }
}
