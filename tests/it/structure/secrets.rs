//! Secrets cannot be printed by mistake.

use std::collections::BTreeSet;

use super::assert_none;
use super::source::{Source, sources};

/// The secrets.
const SECRETS: &[&str] = &[
    "AccessToken",
    "ApiKeySecret",
    "BrowserKey",
    "DataKey",
    "OneTimeKey",
    "Password",
    "PasswordHash",
    "PrivateKey",
    "RefreshToken",
    "SigningKey",
    "StoredPrivateKey",
    "SuccessorKey",
];

/// The macros that declare secrets: `secret! { … pub struct Name(…); }`.
const MACROS: &[&str] = &["secret! {", "random_key! {"];

/// The bodies of the macros' uses in a file, each up to the end of the declaration.
fn declarations(source: &Source) -> impl Iterator<Item = &str> {
    MACROS.iter().flat_map(|name| source.code.split(name).skip(1)).filter_map(|body| body.split(';').next())
}

/// The names that a file declares as secrets.
fn declared(source: &Source) -> Vec<String> {
    let name = |body: &str| {
        let name = body.split("struct ").nth(1)?.trim();
        let end = name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
        name.get(..end).filter(|name| !name.is_empty()).map(str::to_owned)
    };
    declarations(source).filter_map(name).collect()
}

/// The body of `macro_rules! secret` if it stands in this file.
fn rule(source: &Source) -> Option<&str> {
    source.code.split("macro_rules! secret {").nth(1)?.split("macro_rules!").next()
}

fn reveals(text: &str) -> bool {
    ["Debug", "Serialize", "Display"].iter().any(|form| text.contains(form))
}

/// What follows each `#[derive(` in the text, up to its end.
fn derives(text: &str) -> impl Iterator<Item = &str> {
    text.split("#[derive(").skip(1).filter_map(|rest| rest.split(")]").next())
}

fn revealing(source: &Source) -> Vec<String> {
    let mut wrong = Vec::new();
    for secret in SECRETS {
        for form in ["Display for", "Serialize for"] {
            let needle = format!("{form} {secret} ");
            if source.code.contains(&needle) {
                wrong.push(format!("src/{}: {needle}", source.path));
            }
        }
        let ends = ["(", ";", " {"];
        let is_struct = ends.iter().any(|end| source.code.contains(&format!("struct {secret}{end}")));
        if is_struct && !declared(source).iter().any(|name| name == secret) {
            wrong.push(format!("src/{} declares {secret} without a macro", source.path));
        }
    }
    for body in declarations(source) {
        if derives(body).any(reveals) {
            wrong.push(format!("src/{} derives a form of a secret that shows it", source.path));
        }
    }
    if let Some(rule) = rule(source) {
        let is_shown = ["Display for", "Serialize for"].iter().any(|form| rule.contains(form));
        if is_shown || derives(rule).any(reveals) || !rule.contains("Debug for") {
            wrong.push(format!("src/{}: secret! shows the secrets", source.path));
        }
    }
    wrong
}

#[test]
fn secrets_cannot_be_displayed_or_serialised() {
    let sources = sources();
    let wrong: Vec<String> = sources.iter().flat_map(revealing).collect();
    assert_none("a secret has no Display, no Serialize and no derived Debug", &wrong);
    let declared: BTreeSet<String> = sources.iter().flat_map(declared).collect();
    assert_eq!(declared, SECRETS.iter().map(|name| (*name).to_owned()).collect());
    assert_eq!(sources.iter().filter(|source| rule(source).is_some()).count(), 1, "one macro");
}

#[test]
fn a_secret_that_can_be_displayed_is_noticed() {
    let code = "impl fmt::Display for Password {}\n#[derive(Clone)]\npub struct BrowserKey(String);";
    assert_eq!(revealing(&Source::new("a.rs", code)).len(), 2);
    let code = "secret! {\n    #[derive(Debug)]\n    pub struct BrowserKey(String);\n}";
    assert_eq!(revealing(&Source::new("a.rs", code)).len(), 1);
    let code = "macro_rules! secret {\n#[derive(Clone, Debug)]\nimpl Debug for\n}";
    assert_eq!(revealing(&Source::new("a.rs", code)).len(), 1);
    let code = "secret! {\n    pub struct BrowserKey(String);\n}\n#[derive(Debug)]\npub struct Other(u8);";
    assert!(revealing(&Source::new("a.rs", code)).is_empty());
}
