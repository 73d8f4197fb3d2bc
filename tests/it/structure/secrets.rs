//! Secrets cannot be printed by mistake.

use super::assert_none;
use super::source::{Source, sources};

const SECRETS: &[&str] =
    &["AdminKey", "Password", "PasswordHash", "AccessToken", "RefreshToken", "OneTimeKey", "SigningKey"];

fn revealing(source: &Source) -> Vec<String> {
    let mut wrong = Vec::new();
    for secret in SECRETS {
        for form in ["Display for", "Serialize for"] {
            let needle = format!("{form} {secret} ");
            if source.code.contains(&needle) {
                wrong.push(format!("src/{}: {needle}", source.path));
            }
        }
        let derived = source.code.match_indices("#[derive(").any(|(at, _)| {
            let item = &source.code[at..];
            let (attributes, rest) = item.split_once(")]").unwrap_or((item, ""));
            let declares = rest.trim_start().starts_with(&format!("pub struct {secret}("));
            declares && (attributes.contains("Debug") || attributes.contains("Serialize"))
        });
        if derived {
            wrong.push(format!("src/{} derives a form of {secret} that shows it", source.path));
        }
    }
    wrong
}

#[test]
fn secrets_cannot_be_displayed_or_serialised() {
    let wrong: Vec<String> = sources().iter().flat_map(revealing).collect();
    assert_none("a secret has no Display, no Serialize and no derived Debug", &wrong);
}

#[test]
fn a_secret_that_can_be_displayed_is_noticed() {
    let code = "impl fmt::Display for Password {}\n#[derive(Clone, Debug)]\npub struct AdminKey(String);";
    assert_eq!(revealing(&Source::new("a.rs", code)).len(), 2);
    let code = "#[derive(Clone)]\npub struct AdminKey(String);\n#[derive(Debug)]\npub struct Other(u8);";
    assert!(revealing(&Source::new("a.rs", code)).is_empty());
}
