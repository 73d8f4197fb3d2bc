//! What is written about the settings, made from their declarations: `doorward.example.toml` and the
//! table in `docs/configuration.md`.

use super::described::Described;
use super::setting::Setting;
use super::settings::SETTINGS;
use super::values::logo_source::displayed_size as displayed_image_size;

const HEAD: &str = "\
# The settings of doorward, each with its default. Copy this file to doorward.toml, and remove the
# \"# \" in front of a setting to change it. \"doorward config --example\" prints this file.
#
# A flag beats the environment, and the environment beats this file. The environment variable of a
# setting is DOORWARD_ and the name in upper case, with two underscores between section and name:
# DOORWARD_LISTEN, DOORWARD_PASSWORD__COST. \"doorward config\" prints the settings in force, and the
# source of each.
";

/// Where help texts are wrapped, in characters with the leading `# `.
const WIDTH: usize = 100;

/// The example file: a comment and a commented-out line for each setting, section by section.
pub(crate) fn example_toml() -> String {
    let mut toml = HEAD.to_owned();
    let mut open = "";
    for setting in SETTINGS.iter() {
        let (section, key) = setting.name.rsplit_once('.').unwrap_or(("", setting.name));
        if section != open {
            toml += &format!("\n[{section}]\n");
            open = section;
        }
        toml += &format!("\n{}{}\n", comment(setting), line(key, setting));
    }
    toml
}

/// `# key = default`, with nothing for an unset setting.
fn line(key: &str, setting: &Setting) -> String {
    match setting.default {
        Some("") => format!("# {key} = []"),
        Some(text) if setting.is_bare => format!("# {key} = {text}"),
        Some(text) => format!("# {key} = {text:?}"),
        None => format!("# {key} = \"\"  # unset"),
    }
}

/// Help and type as comment lines.
fn comment(setting: &Setting) -> String {
    wrapped(setting.help) + &wrapped(&format!("Type: {}.", (setting.type_label)()))
}

/// A text as comment lines, without the backticks around code.
fn wrapped(text: &str) -> String {
    let text = text.replace('`', "");
    let mut lines = String::from("#");
    let mut width = 1;
    for word in text.split_whitespace() {
        if width + 1 + word.chars().count() > WIDTH {
            lines += "\n#";
            width = 1;
        }
        lines += " ";
        lines += word;
        width += 1 + word.chars().count();
    }
    lines + "\n"
}

/// The settings that do not have their default, as a file. What is secret, or has a secret in it, is only
/// named.
pub(crate) fn changed_toml(lines: &[Described]) -> String {
    let mut toml = String::new();
    let mut open = "";
    for line in lines.iter().filter(|line| line.is_changed()) {
        let (section, key) = line.name.rsplit_once('.').unwrap_or(("", line.name));
        if section != open {
            toml += &format!("\n[{section}]\n");
            open = section;
        }
        let setting = Setting::named(line.name);
        let is_secret = setting.is_some_and(|setting| setting.is_secret);
        let is_bare = setting.is_some_and(|setting| setting.is_bare);
        toml += &match line.value.as_str() {
            value if is_secret || value.contains("***") => format!("# {key} is a secret ({})\n", line.origin),
            value if displayed_image_size(value).is_some() => {
                format!("# {key} is an image: save /static/site-logo as a file, and name it here\n")
            }
            "(none)" => format!("{key} = []\n"),
            value if is_bare => format!("{key} = {}\n", without_zeros(value)),
            // A string of JSON is one of TOML.
            value => format!("{key} = {}\n", serde_json::Value::from(value)),
        };
    }
    toml.trim_start().to_owned()
}

/// A number without zeros in front, which TOML refuses. Others stay as they are.
fn without_zeros(text: &str) -> String {
    text.parse::<i64>().map_or_else(|_| text.to_owned(), |number| number.to_string())
}

/// All settings as a table in Markdown.
pub(crate) fn settings_table() -> String {
    let mut table = "| Setting | Type | Default | Meaning |\n| --- | --- | --- | --- |\n".to_owned();
    for setting in SETTINGS.iter() {
        let default = match setting.default {
            None => "unset".to_owned(),
            Some("") => "empty".to_owned(),
            Some(text) => format!("`{text}`"),
        };
        let (name, help) = (setting.name, setting.help.trim());
        table += &format!("| `{name}` | {} | {default} | {help} |\n", (setting.type_label)());
    }
    table
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::Config;
    use crate::config::sources::file;

    fn example_file() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("doorward.example.toml")
    }

    /// The example with the `# ` of its setting lines taken away.
    fn uncommented() -> String {
        let with_default = || SETTINGS.iter().filter(|setting| setting.default.is_some());
        let (mut section, mut found) = (String::new(), 0);
        let mut uncomment = |line: &str| {
            if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                section = format!("{name}.");
            }
            let key = line.strip_prefix("# ").and_then(|line| line.split_once(" = "));
            let name = key.map(|(key, _)| format!("{section}{key}"));
            let is_setting = with_default().any(|setting| Some(setting.name) == name.as_deref());
            found += usize::from(is_setting);
            if is_setting { format!("{}\n", &line[2..]) } else { format!("{line}\n") }
        };
        let toml: String = example_toml().lines().map(&mut uncomment).collect();
        assert_eq!(found, with_default().count());
        toml
    }

    #[test]
    fn the_file_in_the_repository_is_up_to_date() {
        let file = std::fs::read_to_string(example_file()).unwrap();
        assert_eq!(file, example_toml(), "write it anew: doorward config --example > doorward.example.toml");
    }

    #[test]
    fn changed_settings_can_be_copied_into_a_file_and_secrets_are_left_out() {
        let settings = [
            ("database_url", "postgres://doorward:hunter2@db/doorward"),
            ("password.cost", "013"),
            ("cookies.refresh", "true"),
            ("site.name", "The \"Example\" \\ caf\u{e9}"),
            ("cors.allowed_origins", "https://a.example, https://b.example"),
            ("mail.from", "a@example.com"),
            ("mail.smtp.username", "a"),
            ("mail.smtp.password", "hunter2-hunter2"),
        ];
        let toml = changed_toml(Config::from_settings(&settings).unwrap().describe());
        assert!(!toml.contains("hunter2") && toml.contains("# password is a secret (--set)"), "{toml}");
        let (entries, problems) = file::parse(&toml, Path::new("copied"));
        assert!(problems.is_empty());
        let found: Vec<_> = entries.iter().map(|entry| (entry.name.as_str(), entry.text.as_str())).collect();
        for (name, text) in settings.iter().filter(|(_, text)| !text.contains("hunter2")) {
            assert!(found.contains(&(*name, text.trim_start_matches('0'))), "{name} in {toml}");
        }
        assert_eq!(found.len(), 6);
        assert!(
            toml.contains("\ncost = 13\n")
                && toml.contains("\nrefresh = true\n")
                && toml.contains("name = \"The"),
            "{toml}"
        );
    }

    #[test]
    fn the_example_sets_nothing() {
        let (entries, problems) = file::parse(&example_toml(), Path::new("example"));
        assert!(entries.is_empty() && problems.is_empty());
    }

    #[test]
    fn the_uncommented_example_sets_exactly_the_defaults() {
        let (mut entries, problems) = file::parse(&uncommented(), Path::new("example"));
        assert!(problems.is_empty());
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        let values: Vec<_> = entries.iter().map(|e| (e.name.as_str(), e.text.as_str())).collect();
        let mut defaults: Vec<_> = SETTINGS.iter().filter_map(|s| Some((s.name, s.default?))).collect();
        defaults.sort();
        assert_eq!(values, defaults);
        assert!(Config::from_settings(&values).is_ok());
    }

    #[test]
    fn the_table_in_the_documentation_is_up_to_date() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/configuration.md");
        let Ok(text) = std::fs::read_to_string(file) else { return };
        let (_, rest) = text.split_once("<!-- settings: generated -->").unwrap();
        let (table, _) = rest.split_once("<!-- /settings -->").unwrap();
        assert_eq!(table.trim(), settings_table().trim(), "replace it with: doorward config --table");
    }

    /// Also a guard for the table: a help text ends its sentence and cannot end its cell.
    #[test]
    fn help_texts_are_sentences_on_one_line() {
        for setting in SETTINGS.iter() {
            let help = setting.help;
            assert!(help.ends_with('.') && !help.contains(['|', '\n']), "{}: {help}", setting.name);
        }
        assert_eq!(settings_table().lines().count(), SETTINGS.len() + 2);
    }

    #[test]
    fn no_line_of_the_example_is_longer_than_100_characters() {
        assert!(example_toml().lines().all(|line| line.chars().count() <= WIDTH));
    }
}
